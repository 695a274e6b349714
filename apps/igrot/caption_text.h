// What a server of a language model answers, as a caption: foreign text, and
// mostly a model's.
#pragma once

#include <string>
#include <string_view>

namespace igrot::app {

/// One line: controls, line ends and marks that turn the writing direction read
/// as spaces, runs of spaces as one, none at the ends.
std::string one_line(std::string_view text);

/// The caption in the body of an answer to a chat completion, as one line.
/// Throws Error: corrupt (not JSON, no caption in it, one of over 16 KiB).
std::string caption_in(std::string_view body);

/// What the server says of a request it refuses: the message of its JSON, else
/// the body; one line of at most 200 bytes, with every `secret` (where it is
/// not empty) replaced by stars.
std::string server_message(std::string_view body, std::string_view secret);

}  // namespace igrot::app
