#include "eval/page_file.h"

#include "base/file.h"
#include "base/html.h"
#include "eval/page_script.h"

namespace igrot {

void write_page(const std::filesystem::path& page, std::string_view title,
                std::string_view style, std::string_view body) {
  AtomicFile file(page);
  file.write(page_start(title, style, page_script_text));
  file.write(body);
  file.write(page_script(page_script_text));
  file.write(page_end());
  file.commit();
}

}  // namespace igrot
