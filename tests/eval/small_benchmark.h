// An emoji benchmark of five emoji, drawn as plain squares.
//
// | code | concept | split  | drawn by                                |
// |------|---------|--------|-----------------------------------------|
// | A    | apple   | seen   | noto, openmoji, line                    |
// | A-1  | apple   | seen   | noto, openmoji                          |
// | B    | boat    | seen   | noto, openmoji, emojione, line, symbola |
// | C    | cat     | unseen | noto, openmoji, emojione, line, symbola |
// | D    | dog     | unseen | line                                    |
//
// The line drawing of an emoji has the pixels of openmoji's.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "igrot/image.h"

namespace igrot::test {

namespace fs = std::filesystem;

inline Image colour_square(std::size_t red, std::size_t green,
                           std::size_t blue) {
  ImageParts parts;
  parts.width = 24;
  parts.height = 24;
  for (std::size_t i = 0; i < parts.width * parts.height; ++i)
    for (const auto value : {red, green, blue})
      parts.pixels.push_back(static_cast<std::byte>(value));
  return Image(std::move(parts));
}

class SmallBenchmark {
 public:
  explicit SmallBenchmark(const fs::path& root) : root_(root) {
    emoji("A", "apple", "seen", {"noto", "openmoji", "line"});
    emoji("A-1", "apple", "seen", {"noto", "openmoji"});
    emoji("B", "boat", "seen",
          {"noto", "openmoji", "emojione", "line", "symbola"});
    emoji("C", "cat", "unseen",
          {"noto", "openmoji", "emojione", "line", "symbola"});
    emoji("D", "dog", "unseen", {"line"});
    write("emoji.jsonl", emoji_);
    write("cir-test.jsonl",
          R"({"reference": "noto/A.png", "text": "with <dark> skin",
              "target": "noto/A-1.png", "code": "A-1", "reference_code": "A",
              "kind": "skin tone", "split": "seen"}
             {"reference": "openmoji/C.png", "text": "by another hand",
              "target": "noto/C.png", "code": "C", "reference_code": "C",
              "kind": "hand", "split": "unseen"}
             {"reference": "line/B.png", "text": "in colour",
              "target": "noto/B.png", "code": "B", "reference_code": "B",
              "kind": "hand", "split": "seen"})");
  }

  fs::path operator/(const fs::path& name) const { return root_ / name; }

  /// An object a line: line ends within objects are taken out.
  void write(const std::string& name, const std::string& objects) const {
    std::ofstream out(root_ / name, std::ios::binary);
    for (const char c : objects) {
      if (c != '\n') out << c;
      if (c == '}') out << '\n';
    }
  }

 private:
  void emoji(const std::string& code, const std::string& concept_,
             const std::string& split, const std::vector<std::string>& hands) {
    ++count_;
    emoji_ += R"({"code": ")" + code + R"(", "name": "the )" + concept_ +
              R"(", "concept": ")" + concept_ + R"(", "base": ")" + concept_ +
              R"(", "group": "g", "subgroup": "s", "split": ")" + split + "\"";
    for (const auto& hand : hands) {
      const auto name = hand + "/" + code + ".png";
      emoji_ += ", \"" + hand + "\": \"" + name + "\"";
      fs::create_directories(root_ / hand);
      const bool alike = hand == "line" || hand == "openmoji";
      write_png(root_ / name, colour_square(count_ * 50, 255 - count_ * 40,
                                            alike ? 200 : hand.size() * 12));
    }
    emoji_ += "}\n";
  }

  fs::path root_;
  std::size_t count_ = 0;
  std::string emoji_;
};

}  // namespace igrot::test
