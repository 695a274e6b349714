// `igrot tokenize`: texts to ids, a JSON line each.
#include <algorithm>
#include <filesystem>

#include "base/fail.h"
#include "igrot/tokenizer.h"
#include "lines.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::string tokenizer = "clip";
  std::size_t context = 0;  // 0: the tokenizer's own
  std::string input = "-";
  std::filesystem::path vocabulary;
};

Tokenizer make_tokenizer(const Options& options) {
  const auto& name = options.tokenizer;
  if (const auto row = std::ranges::find(tokenizers, name, &TokenizerRow::name);
      row != tokenizers.end()) {
    if (!options.vocabulary.empty())
      fail(ErrorKind::usage, "--vocabulary: {} has its own", name);
    return row->make();
  }
  const auto row = std::ranges::find(vocabulary_tokenizers, name,
                                     &VocabularyTokenizerRow::name);
  if (row == vocabulary_tokenizers.end())
    fail(ErrorKind::usage,
         "--tokenizer is '{}', expected clip, bert, siglip or siglip2", name);
  if (options.vocabulary.empty())
    fail(ErrorKind::usage,
         "--tokenizer {} needs --vocabulary, the SentencePiece model beside "
         "the weights",
         name);
  return row->make(options.vocabulary);
}

Json encode(const Tokenizer& tokenizer, const Options& options,
            const std::string& line) {
  const auto text = text_field(parse_json(line), "text");
  const auto tokens = tokenizer.encode(
      text, options.context ? std::optional(options.context) : std::nullopt);
  Json result{{"ids", tokens.ids}};
  if (tokenizer.name() == "bert") result["mask"] = tokens.mask;
  return result;
}

int run(const Options& options, Session& session) {
  const auto tokenizer = make_tokenizer(options);
  LineReader lines(options.input);
  while (const auto line = lines.next()) {
    if (session.stopped()) break;
    if (line->find_first_not_of(" \t") == std::string::npos) continue;
    at(lines.place(), [&] { print_json(encode(tokenizer, options, *line)); });
  }
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("--tokenizer", options->tokenizer, "whose cutting [clip]")
      ->type_name("clip|bert|siglip|siglip2");
  command
      .add_option("--vocabulary", options->vocabulary,
                  "SigLIP's spiece.model, or SigLIP 2's tokenizer.model")
      ->type_name("FILE");
  command
      .add_option(
          "--context", options->context,
          "positions; longer texts are cut [77 for clip, 35 for bert, 64 "
          "for siglip and siglip2]")
      ->type_name("N");
  command
      .add_option("INPUT", options->input,
                  "JSON lines {\"text\": ...}; - is stdin [-]")
      ->type_name("FILE");
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb tokenize_verb{
    "tokenize", plumbing_section, "cuts texts into the ids of a text tower",
    R"(  echo '{"text": "a dog"}' | igrot tokenize --tokenizer clip
  igrot tokenize --tokenizer bert --context 64 texts.jsonl
  igrot tokenize --tokenizer siglip --vocabulary spiece.model texts.jsonl)",
    declare};

}  // namespace igrot::app
