// What pages written by the program have in common: they work offline, in light
// and dark, and nothing in a file's name or a text can become markup.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace igrot {

/// Text as HTML shows it, in elements and in quoted attributes. Bytes that are
/// not UTF-8 become U+FFFD.
std::string html_escaped(std::string_view text);

/// "data:image/jpeg;base64,..."
std::string data_uri(std::string_view media_type, std::string_view bytes);

/// A list of names with what is so: model, date, settings.
std::string fact_list(
    std::span<const std::pair<std::string, std::string>> facts);

/// Everything before the content of <main>: nothing from elsewhere. style:
/// added to the colours and letters that all pages share. script: the only one
/// that the page lets run; empty: none.
std::string page_start(std::string_view title, std::string_view style,
                       std::string_view script = {});

/// That script as an element. It must not hold "</script".
std::string page_script(std::string_view script);

/// Everything behind it.
std::string_view page_end();

}  // namespace igrot
