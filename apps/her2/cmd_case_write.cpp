// SPDX-License-Identifier: Apache-2.0
// her2 case new, add, amend, sign: what writes to a store.
#include <cstdint>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "her2/core/sha256.h"
#include "record_options.h"

namespace her2::app {
namespace {

struct Arguments {
  RecordOptions record;
  std::string case_id, specimen, tumour = "breast", reason, comment, meaning, role;
  std::vector<std::string> files, images;
  std::int64_t evidence = 0, fact = 0;
};

// One act on one case, acknowledged when it is on the disk.
Result<void> act(CaseStore& store, const Actor& actor, const std::string& name, const RecordOptions& options,
                 const CaseStore::Work& work) {
  const auto entry = store.write(actor, name, work);
  if (!entry) {
    return tl::unexpected(located(entry.error(), "case " + name));
  }
  acknowledge(name, *entry, options.json());
  return {};
}

// Opens what an act needs; `create`: the store may be new.
struct Session {
  std::unique_ptr<RecordEngine> engine;
  std::unique_ptr<CaseStore> store;
  Actor actor;
};

Result<Session> session(const RecordOptions& options, bool create) {
  Session out;
  auto actor = options.actor();
  if (!actor) {
    return tl::unexpected(actor.error());
  }
  out.actor = std::move(*actor);
  auto engine = record_engine(options);
  if (!engine) {
    return tl::unexpected(engine.error());
  }
  out.engine = std::move(*engine);
  auto store = create ? options.open_or_create(out.actor) : options.open();
  if (!store) {
    return tl::unexpected(store.error());
  }
  out.store = std::move(*store);
  return out;
}

Result<void> make_new(const Arguments& arguments) {
  const auto name = arguments.record.name_of(arguments.case_id);
  auto open = name ? session(arguments.record, true) : tl::unexpected(name.error());
  if (!open) {
    return tl::unexpected(open.error());
  }
  return act(*open->store, open->actor, *name, arguments.record, [&](const CaseRecord* now, RowIds& ids) {
    return new_case(now, ids, open->engine->context(), *name, arguments.tumour);
  });
}

// The document, its only specimen renamed where that is asked for.
Result<Incoming> document_of(const std::string& path, const Arguments& arguments, const RecordEngine& engine) {
  auto document = read_document(path, arguments.record, engine);
  if (!document || arguments.specimen.empty()) {
    return document;
  }
  if (document->subject.specimens.size() != 1) {
    return fail(fmt::format("holds {} specimens; --specimen names the only one", document->subject.specimens.size()),
                {}, path);
  }
  const auto name = arguments.record.name_of(arguments.specimen);
  if (!name) {
    return tl::unexpected(name.error());
  }
  document->subject.specimens.front().id = *name;
  return document;
}

Result<IncomingImage> image_of(const std::string& path, const Arguments& arguments) {
  auto hash = sha256_of_file(path);
  if (!hash) {
    return tl::unexpected(hash.error());
  }
  IncomingImage out{arguments.record.key_file.empty() ? std::filesystem::path(path).filename().string() : "",
                    std::move(*hash),
                    {},
                    0};
  std::error_code none;
  if (std::filesystem::is_regular_file(path, none)) {
    out.bytes = static_cast<std::int64_t>(std::filesystem::file_size(path, none));
  }
  if (!arguments.specimen.empty()) {
    const auto name = arguments.record.name_of(arguments.specimen);
    if (!name) {
      return tl::unexpected(name.error());
    }
    out.specimen = *name;
  }
  return out;
}

// The files, read before anything is written.
struct Brought {
  std::vector<Incoming> documents;
  std::vector<IncomingImage> images;
};

Result<Brought> read_all(const Arguments& arguments, const RecordEngine& engine) {
  Brought out;
  for (const auto& path : arguments.files) {
    auto document = document_of(path, arguments, engine);
    if (!document) {
      return tl::unexpected(document.error());
    }
    out.documents.push_back(std::move(*document));
  }
  for (const auto& path : arguments.images) {
    auto image = image_of(path, arguments);
    if (!image) {
      return tl::unexpected(image.error());
    }
    out.images.push_back(std::move(*image));
  }
  return out;
}

Result<void> add(const Arguments& arguments) {
  if (arguments.files.empty() && arguments.images.empty() && arguments.comment.empty()) {
    return fail("nothing to add: name a document, --image or --comment");
  }
  if (arguments.files.empty() && arguments.case_id.empty()) {
    return fail("to which case? Name it with --case");
  }
  auto open = session(arguments.record, false);
  if (!open) {
    return tl::unexpected(open.error());
  }
  const auto brought = read_all(arguments, *open->engine);
  const auto given = arguments.record.name_of(arguments.case_id);
  if (!brought || !given) {
    return tl::unexpected(brought ? given.error() : brought.error());
  }
  std::string name = *given;
  for (const auto& document : brought->documents) {
    name = arguments.case_id.empty() ? document.subject.id : *given;
    auto done = act(*open->store, open->actor, name, arguments.record, [&](const CaseRecord* now, RowIds& ids) {
      return add_evidence(now, ids, open->engine->context(), document);
    });
    if (!done) {
      return done;
    }
  }
  if (!brought->images.empty()) {
    auto done = act(*open->store, open->actor, name, arguments.record,
                    [&](const CaseRecord* now, RowIds& ids) { return add_images(now, ids, brought->images); });
    if (!done) {
      return done;
    }
  }
  if (arguments.comment.empty()) {
    return {};
  }
  return act(*open->store, open->actor, name, arguments.record,
             [&](const CaseRecord* now, RowIds& ids) { return add_comment(now, ids, arguments.comment); });
}

Result<void> amend(const Arguments& arguments) {
  const int asked =
      (arguments.files.empty() ? 0 : 1) + (arguments.evidence != 0 ? 1 : 0) + (arguments.fact != 0 ? 1 : 0);
  if (asked != 1 || arguments.files.size() > 1) {
    return fail("give one of: a document whose facts replace those recorded, --retract N, --retract-fact N");
  }
  const auto name = arguments.record.name_of(arguments.case_id);
  auto open = name ? session(arguments.record, false) : tl::unexpected(name.error());
  if (!open) {
    return tl::unexpected(open.error());
  }
  const auto brought = read_all(arguments, *open->engine);
  if (!brought) {
    return tl::unexpected(brought.error());
  }
  return act(*open->store, open->actor, *name, arguments.record, [&](const CaseRecord* now, RowIds& ids) {
    return brought->documents.empty()
               ? retract(now, ids, open->engine->context(), arguments.evidence, arguments.fact, arguments.reason)
               : amend_evidence(now, ids, open->engine->context(), brought->documents.front(), arguments.reason);
  });
}

Result<void> sign_case(const Arguments& arguments) {
  const auto name = arguments.record.name_of(arguments.case_id);
  auto open = name ? session(arguments.record, false) : tl::unexpected(name.error());
  if (!open) {
    return tl::unexpected(open.error());
  }
  return act(*open->store, open->actor, *name, arguments.record, [&](const CaseRecord* now, RowIds& ids) {
    return sign(now, ids, open->engine->context(), arguments.meaning, arguments.role);
  });
}

CLI::App* subcommand(CLI::App& parent, const char* name, const char* says, const std::shared_ptr<Arguments>& arguments,
                     int& code, Result<void> (*run)(const Arguments&)) {
  CLI::App* command = parent.add_subcommand(name, says);
  arguments->record.add_store(*command);
  arguments->record.add_actor(*command);
  arguments->record.add_format(*command);
  arguments->record.add_catalog(*command);
  command->callback([arguments, &code, run] {
    const auto done = run(*arguments);
    code = done ? kDone : complain(done.error());
  });
  return command;
}

}  // namespace

void add_case_write(CLI::App& command, int& code) {
  auto making = std::make_shared<Arguments>();
  CLI::App* made = subcommand(command, "new", "Record a case without evidence; makes the store if there is none",
                              making, code, make_new);
  made->add_option("case", making->case_id, "The case's id: a pseudonym, never a patient's name")->required();
  made->add_option("--tumour", making->tumour, "Kind of tumour (default: breast)");
  made->footer("\nExample:\n  her2 case new case-17 --store laboratory.her2 --tumour gastric");

  auto adding = std::make_shared<Arguments>();
  CLI::App* added = subcommand(command, "add", "Add evidence, slides or a comment to a case", adding, code, add);
  added->add_option("documents", adding->files, "Case files (her2 ihc and her2 ish write case.json), FHIR, HL7 v2");
  added->add_option("--case", adding->case_id, "To which case (default: the one that the document names)");
  added->add_option("--specimen", adding->specimen, "Name of the document's only specimen, or of the image's");
  added->add_option("--image", adding->images, "A slide or picture: its content hash is recorded, nothing else");
  added->add_option("--comment", adding->comment, "A comment");
  added->footer(
      "\nWhat is recorded stays. A document that says something else of a fact is refused: 'her2 case amend'.\n"
      "\nExamples:\n"
      "  her2 case add ihc/case.json --case case-17 --specimen core --author \"Dr Lindt\"\n"
      "  her2 case add --case case-17 --specimen core --image slide.svs\n"
      "  her2 case add --case case-17 --comment \"recut ordered\"");

  auto amending = std::make_shared<Arguments>();
  CLI::App* amended =
      subcommand(command, "amend", "Replace recorded facts, or take evidence back", amending, code, amend);
  amended->add_option("case", amending->case_id, "The case")->required();
  amended->add_option("document", amending->files, "A document whose facts replace those recorded");
  amended->add_option("--specimen", amending->specimen, "Name of the document's only specimen");
  amended->add_option("--retract", amending->evidence, "Number of the evidence that is taken back")
      ->check(CLI::PositiveNumber);
  amended->add_option("--retract-fact", amending->fact, "Number of the fact that is taken back")
      ->check(CLI::PositiveNumber);
  amended->add_option("--reason", amending->reason, "Why")->required();
  amended->footer(
      "\nNothing is overwritten: earlier facts stay in the record, and a signed case shows that it was amended.\n"
      "\nExamples:\n"
      "  her2 case amend case-17 recount.json --reason \"20 more cells counted\"\n"
      "  her2 case amend case-17 --retract 3 --reason \"slide of another patient\"");

  auto signing = std::make_shared<Arguments>();
  CLI::App* signed_by =
      subcommand(command, "sign", "Decide the case now and sign what was found", signing, code, sign_case);
  signed_by->add_option("case", signing->case_id, "The case")->required();
  signed_by->add_option("--meaning", signing->meaning, "What the signature means, such as \"final report\"")
      ->required();
  signed_by->add_option("--role", signing->role, "The signer's role");
  signed_by->footer(
      "\nA signature is author, time, meaning and the hash of case and status. It says who answers for what; it is no\n"
      "cryptographic signature of a person (docs/record.md).\n"
      "\nExample:\n  her2 case sign case-17 --author \"Dr Lindt\" --role pathologist --meaning \"final report\"");
}

}  // namespace her2::app
