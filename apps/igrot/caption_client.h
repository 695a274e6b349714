// Asking a server that speaks OpenAI's chat completions for the caption of one
// picture: the field's servers of language models (vLLM, llama.cpp, Ollama and
// others) do.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "igrot/error.h"

namespace igrot::app {

struct CaptionServer {
  std::string address;  ///< of the chat completions
  std::string key;      ///< never printed; empty: none
  std::string model;
  std::string prompt;
  std::size_t max_tokens = 100;
  std::size_t retries = 4;  ///< behind the first try
  std::chrono::milliseconds timeout{120'000};
};

struct CaptionHooks {
  /// Asked several times a second; false ends it.
  std::function<bool()> go_on;
  /// One sentence about a try that failed.
  std::function<void(std::string_view sentence)> say;
  /// Before the second try; doubled for each further one.
  std::chrono::milliseconds first_wait{500};
};

struct CaptionAnswer {
  std::string caption;           ///< one line; empty where there is a failure
  std::optional<Error> failure;  ///< of this picture
};

/// The address of the chat completions below an endpoint such as
/// http://127.0.0.1:8000/v1. Throws Error: usage (no http address; one with a
/// password in it).
std::string chat_address(std::string endpoint);

/// Asks; again behind connections that break, answers that take too long, and
/// statuses that pass. What no other try would change for this picture (400,
/// 413, 415, 422, an answer without a caption) and what goes on after all tries
/// is its failure. Nothing where go_on said so. Throws Error for what would end
/// all pictures alike: usage (a key, a model or a path that the server
/// refuses), not_found (404), io (no TLS).
std::optional<CaptionAnswer> ask_caption(const CaptionServer& server,
                                         std::string_view picture_uri,
                                         const CaptionHooks& hooks);

}  // namespace igrot::app
