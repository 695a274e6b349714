// `igrot data caption`: captions of pictures by a vision-language model behind
// any server that speaks OpenAI's chat completions.
#include <algorithm>
#include <array>

#include "base/fail.h"
#include "caption_inputs.h"
#include "caption_lasco.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

// What LlavaSCo was made with: the reference's program data_llava_utils.py.
constexpr std::string_view default_prompt =
    "Describe the image in one sentence with details.";
constexpr std::size_t default_max_tokens = 100;

struct Options {
  std::string images;
  std::string out;
  std::string format = "captions";
  std::string endpoint;
  std::string model;
  std::string prompt{default_prompt};
  CaptionOrder order;
  std::size_t timeout_s = 120;
};

/// One row a form of the output.
struct Form {
  std::string_view name;
  std::string_view ending;      ///< of --out
  std::string_view field;       ///< of the caption in JSON lines
  std::string_view log_suffix;  ///< where those are, behind --out
  bool from_lasco;              ///< --images is LaSCo's list
};

constexpr std::array forms{
    Form{"captions", ".jsonl", "caption", "", false},
    Form{"pairs", ".jsonl", "text", "", false},
    Form{"llavasco", ".json", "caption", ".captions.jsonl", true},
};

const Form& form_of(const Options& options) {
  const auto form = std::ranges::find(forms, options.format, &Form::name);
  if (form == forms.end())
    fail(ErrorKind::usage,
         "--format is '{}', expected captions, pairs or llavasco",
         options.format);
  if (fs::path(options.out).extension() != form->ending)
    fail(ErrorKind::usage, "--out is '{}', expected a name ending in {}",
         options.out, form->ending);
  return *form;
}

void check_range(std::size_t value, std::size_t least, std::size_t most,
                 std::string_view option) {
  if (value < least || value > most)
    fail(ErrorKind::usage, "{} is {}, expected {} to {}", option, value, least,
         most);
}

void check(const Options& options) {
  check_range(options.order.jobs, 1, 256, "--jobs");
  check_range(options.order.server.retries, 0, 100, "--retries");
  check_range(options.timeout_s, 1, 86'400, "--timeout");
  check_range(options.order.server.max_tokens, 1, 16'384, "--max-tokens");
  check_range(options.order.longest_side, 16, 16'384, "--side");
}

void warn_of_open_key(const CaptionServer& server, const Session& session) {
  const std::string_view address = server.address;
  const auto is_at = [&](std::string_view host) {
    return address.starts_with(std::string("http://") + std::string(host));
  };
  if (server.key.empty() || address.starts_with("https://") ||
      is_at("127.0.0.1") || is_at("localhost") || is_at("[::1]"))
    return;
  session.warn("the key goes to that address without encryption");
}

CaptionOrder order_of(const Options& options, const Session& session) {
  auto order = options.order;
  order.server.address = chat_address(options.endpoint);
  order.server.key = caption_key(session);
  order.server.model = options.model;
  order.server.prompt = caption_prompt(options.prompt);
  order.server.timeout = std::chrono::seconds(options.timeout_s);
  warn_of_open_key(order.server, session);
  return order;
}

std::vector<fs::path> targets_of(const std::vector<LascoTriplet>& triplets) {
  std::vector<fs::path> files;
  for (const auto& triplet : triplets)
    if (triplet.used) files.push_back(triplet.target);
  return files;
}

void warn_of_other_models(const CaptionLog& log, const CaptionOrder& order,
                          const Session& session) {
  for (const auto& model : log.models())
    if (model != order.server.model)
      session.warn(fmt::format("captions that are there are of {}", model));
}

struct Outcome {
  std::size_t pictures = 0;
  std::size_t there = 0;  ///< before this run
  CaptionCounts counts;

  std::size_t missing() const { return pictures - there - counts.written; }
};

Json document(const Options& options, const Outcome& outcome,
              const Session& session) {
  auto skipped = Json::array();
  for (const auto& one : outcome.counts.skipped)
    skipped.push_back(failure_line(one.file, one.error));
  return {{"out", options.out},
          {"pictures", outcome.pictures},
          {"there", outcome.there},
          {"written", outcome.counts.written},
          {"skipped", skipped},
          {"missing", outcome.missing()},
          {"interrupted", session.stopped()}};
}

void tell(const Options& options, const Outcome& outcome,
          const Session& session) {
  if (session.json) {
    print_json(document(options, outcome, session), 1);
    return;
  }
  print(
      fmt::format("{} pictures: {} captions were there, {} came, {} are "
                  "missing\n",
                  outcome.pictures, outcome.there, outcome.counts.written,
                  outcome.missing()));
}

/// What is to be asked for.
std::vector<CaptionJob> still_to_do(std::vector<CaptionJob> jobs,
                                    const CaptionLog& log) {
  std::erase_if(jobs, [&](const CaptionJob& job) {
    return log.find(job.name) != nullptr;
  });
  return jobs;
}

void finish_llavasco(const Options& options,
                     const std::vector<LascoTriplet>& triplets,
                     const CaptionNames& names, const CaptionLog& log,
                     const Outcome& outcome, const Session& session) {
  if (outcome.missing() > 0) {
    session.warn(
        fmt::format("{} is written once every caption is there: the same call "
                    "goes on",
                    options.out));
    return;
  }
  write_llavasco(options.out, triplets, [&](const LascoTriplet& triplet) {
    return log.find(names.job(triplet.target).name);
  });
}

int run(const Options& options, const Session& session) {
  check(options);
  const auto& form = form_of(options);
  const auto order = order_of(options, session);
  const CaptionNames names(options.out);
  std::vector<LascoTriplet> triplets;
  if (form.from_lasco) triplets = read_lasco_triplets(options.images);
  const auto jobs =
      names.jobs(form.from_lasco ? targets_of(triplets)
                                 : find_pictures(options.images, session));
  if (jobs.empty())
    fail(ErrorKind::not_found, "{}: no pictures there", options.images);
  CaptionLog log(options.out + std::string(form.log_suffix),
                 std::string(form.field));
  warn_of_other_models(log, order, session);
  const auto todo = still_to_do(jobs, log);
  Outcome outcome{jobs.size(), jobs.size() - todo.size(),
                  run_captions(todo, order, log, session)};
  if (form.from_lasco)
    finish_llavasco(options, triplets, names, log, outcome, session);
  tell(options, outcome, session);
  return session.exit_code(outcome.counts.skipped.size());
}

void declare_server(CLI::App& command, Options& options) {
  command
      .add_option("--endpoint", options.endpoint,
                  "the server, up to /chat/completions")
      ->required()
      ->type_name("URL");
  command.add_option("--model", options.model, "what the server calls it")
      ->required()
      ->type_name("NAME");
  command
      .add_option("--prompt", options.prompt,
                  "what is asked [\"" + std::string(default_prompt) + "\"]")
      ->type_name("TEXT|@FILE");
  auto& order = options.order;
  order.server.max_tokens = default_max_tokens;
  const auto add = [&](const char* name, std::size_t& value, const char* type,
                       const char* help) {
    command.add_option(name, value, fmt::format("{} [{}]", help, value))
        ->type_name(type);
  };
  add("--jobs", order.jobs, "N", "pictures asked for at a time");
  add("--retries", order.server.retries, "N",
      "further tries where the server is busy or silent");
  add("--timeout", options.timeout_s, "S", "seconds for one answer");
  add("--max-tokens", order.server.max_tokens, "N", "of a caption");
  add("--side", order.longest_side, "PIXELS",
      "longer pictures are made smaller before they are sent");
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command
      .add_option("--images", options->images,
                  "a folder, or a file with a picture's path a line; for "
                  "llavasco LaSCo's lasco_train.json or lasco_val.json")
      ->required()
      ->type_name("DIR|LIST");
  command
      .add_option("--out", options->out,
                  "JSON lines, one a picture as it comes; for llavasco a .json")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--format", options->format,
                  "captions: {image, caption, model}; pairs: {image, text, "
                  "model}, to train on; llavasco: LaSCo's triplets with "
                  "captions of targets [captions]")
      ->type_name("captions|pairs|llavasco");
  declare_server(command, *options);
  offer_json(command, session);
  offer_strict(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb data_caption_verb{
    "data caption", plumbing_section,
    "has pictures described by a model behind an OpenAI-compatible server",
    R"(  igrot data caption --images photos --out captions.jsonl \
              --endpoint http://127.0.0.1:8000/v1 --model llava-v1.6-mistral-7b
  igrot data caption --images LaSCo/lasco_train.json --format llavasco \
              --out LaSCo/train_llavasco.json --jobs 16 \
              --endpoint http://127.0.0.1:8000/v1 --model llava-v1.6-mistral-7b
  IGROT_API_KEY=... igrot data caption --images list.txt --format pairs \
              --out pairs.jsonl --endpoint https://api.openai.com/v1 \
              --model gpt-4o-mini --prompt "One short sentence: what is this?")",
    declare};

}  // namespace igrot::app
