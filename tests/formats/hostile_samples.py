"""Files that ask for far more memory or time than they have bytes."""

import random
import shutil
import sqlite3
import struct
import subprocess
import zlib


def chunk(name, data):
    return (struct.pack(">I", len(data)) + name + data
            + struct.pack(">I", zlib.crc32(name + data)))


def deflated_zeros(count):
    """Raw deflate (RFC 1951): one flushed block over and over, and the rest."""
    block = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    part = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (part * (count // block) + packer.compress(bytes(count % block))
            + packer.flush())


def packed_zeros(count):
    """The same as a zlib stream (RFC 1950)."""
    return (b"\x78\xda" + deflated_zeros(count)
            + struct.pack(">I", count % 65521 << 16 | 1))


def png(width, height, depth, colour, rows=None, extra=b"", interlaced=0):
    """rows: how many rows of zeros follow; as many as the height by default."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row_bytes = 1 + (width * depth * channels + 7) // 8
    data = packed_zeros(row_bytes * (height if rows is None else rows))
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0,
                       interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def gif(width, height):
    return (b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0)
            + bytes(6) + b"," + struct.pack("<HHHHB", 0, 0, width, height, 0)
            + b"\x02\x02\x4c\x01\x00;")


def jpeg(width, height, scans=1, progressive=False):
    frame = struct.pack(">BHHB", 8, height, width, 1) + bytes([1, 0x11, 0])
    marker = b"\xff\xc2" if progressive else b"\xff\xc0"
    tables = b"\xff\xdb" + struct.pack(">H", 67) + b"\0" + b"\1" * 64
    huffman = b"\xff\xc4" + struct.pack(">H", 20) + b"\0" + b"\1" + bytes(15) + b"\0"
    huffman += b"\xff\xc4" + struct.pack(">H", 20) + b"\x10" + b"\1" + bytes(15) + b"\0"
    first, last = (0, 0) if progressive else (0, 63)
    scan = (b"\xff\xda" + struct.pack(">H", 8) + bytes([1, 1, 0, first, last, 0])
            + b"\0" * 20)
    return (b"\xff\xd8" + tables + marker + struct.pack(">H", 2 + len(frame))
            + frame + huffman + scan * scans + b"\xff\xd9")


def tiff(tags, data=b""):
    body = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags))
    for tag, kind, count, value in tags:
        body += struct.pack("<HHII", tag, kind, count, value)
    return body + b"\0\0\0\0" + data


def big_tiff(width, height, compression, samples=1, packed=None):
    packed = packed or packed_zeros(1 << 20)
    start = 8 + 2 + 12 * 9 + 4
    return tiff([(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8),
                 (259, 3, 1, compression), (262, 3, 1, 1 if samples == 1 else 5),
                 (273, 4, 1, start), (277, 3, 1, samples), (278, 4, 1, height),
                 (279, 4, 1, len(packed))], packed)


def bmp(width, height, bits, compression=0, data=b""):
    return (b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54)
            + struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits,
                          compression, 0, 0, 0, 0, 0) + data)


def webp(width, height):
    extended = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (
        height - 1).to_bytes(3, "little")
    lossless = b"\x2f" + struct.pack(
        "<I", (min(width, 16384) - 1) | (min(height, 16384) - 1) << 14) + bytes(64)
    body = (b"WEBPVP8X" + struct.pack("<I", 10) + extended
            + b"VP8L" + struct.pack("<I", len(lossless)) + lossless)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jxl(size):
    """A bare codestream whose header asks for about `size` pixels a side."""
    bits = "0" + "11" + format(size - 1, "030b")[::-1] + "111" + "0" * 64
    whole = int(bits[::-1], 2).to_bytes((len(bits) + 7) // 8, "little")
    return b"\xff\x0a" + whole


def box(name, data):
    return struct.pack(">I", 8 + len(data)) + name + data


def heif(width, height, items=1):
    """An AVIF whose picture claims a size and has no pixels."""
    entries = b"".join(box(b"infe", b"\2\0\0\0" + struct.pack(
        ">HH", 1 + i % 65535, 0) + b"av01\0") for i in range(items))
    properties = box(b"ipco", box(b"ispe", bytes(4) + struct.pack(
        ">II", width, height)))
    links = box(b"ipma", bytes(4) + struct.pack(">IHBB", 1, 1, 1, 1))
    meta = box(b"meta", bytes(4) + box(b"hdlr", bytes(8) + b"pict" + bytes(13))
               + box(b"pitm", bytes(4) + struct.pack(">H", 1))
               + box(b"iinf", bytes(4) + struct.pack(">H", items % 65536)
                     + entries) + box(b"iprp", properties + links))
    return box(b"ftyp", b"avif" + bytes(4) + b"avifmif1") + meta


def profile_of_tables(grid, channels):
    """A colour profile that announces a table of grid ** channels entries."""
    table = (b"mft2\0\0\0\0" + bytes([channels, 3, grid, 0])
             + struct.pack(">9i", *[65536, 0, 0, 0, 65536, 0, 0, 0, 65536])
             + struct.pack(">HH", 4096, 4096) + bytes(4096))
    space = {3: b"RGB ", 4: b"CMYK"}[channels]
    tags = struct.pack(">I4sII", 1, b"A2B0", 144, len(table))
    head = struct.pack(">I4sI4s4s4s12s4s", 144 + len(table), b"lcms",
                       0x02400000, b"prtr", space, b"Lab ", bytes(12), b"acsp")
    return head.ljust(128, b"\0") + tags + table


def bombs():
    """Pictures as large as they may be, sound but for their emptiness."""
    wide, high = 13377, 13377  # PIL's limit of pixels
    yield "bilevel.png", png(wide, high, 1, 0)
    yield "gray.png", png(wide, high, 8, 0)
    yield "over.png", png(wide, high, 8, 6)
    wide, high = 12950, 12950  # 480 MiB of RGB
    yield "rgb.png", png(wide, high, 8, 2)
    yield "rgb16-over.png", png(wide, high, 16, 2)
    yield "rgb16.png", png(9150, 9150, 16, 2)
    yield "interlaced.png", png(wide, high, 8, 2, interlaced=1)
    wide, high = 11200, 11200  # 480 MiB of four bytes a pixel
    yield "rgba.png", png(wide, high, 8, 6)
    yield "gray16.png", png(wide, high, 16, 0)
    yield "strip.tif", big_tiff(wide, high, 8, 4, packed_zeros(4 * wide * high))
    yield "scans.jpg", jpeg(wide, high, 15, True)
    yield "webp.webp", webp(7000, 7000)


def pictures():
    yield "all-but-too-many.png", png(13377, 13377, 8, 6, rows=0)
    yield "one-row-short.png", png(6000, 6000, 8, 6, rows=5999)
    yield "too-many.png", png(65535, 65535, 8, 6, rows=1)
    yield "most.png", png((1 << 31) - 1, (1 << 31) - 1, 1, 0, rows=0)
    yield "zero.png", png(0, 0, 8, 2)
    texts = b"".join(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1 << 20), 9))
                     for _ in range(80))
    yield "texts.png", png(4, 4, 8, 2, extra=texts)
    yield "chunks.png", png(4, 4, 8, 2, extra=chunk(b"tEXt", b"a\0") * 100000)
    for grid, channels in ((255, 3), (64, 3), (255, 4), (33, 3)):
        profile = profile_of_tables(grid, channels)
        yield f"profile-{grid}-{channels}.png", png(
            64, 64, 8, 2, extra=chunk(b"iCCP", b"p\0\0" + zlib.compress(profile)))
    yield "profile-bomb.png", png(64, 64, 8, 2, extra=chunk(
        b"iCCP", b"p\0\0" + zlib.compress(bytes(100 << 20), 9)))
    yield "bomb.gif", gif(65535, 65535)
    yield "large.gif", gif(13377, 13377)
    yield "large.jpg", jpeg(13377, 13377)
    yield "huge.jpg", jpeg(65500, 65500)
    yield "scans.jpg", jpeg(8000, 8000, 490, True)
    yield "more-scans.jpg", jpeg(8000, 8000, 5000, True)
    yield "huge.bmp", bmp((1 << 31) - 1, (1 << 31) - 1, 32)
    yield "large.bmp", bmp(13377, 13377, 32)
    yield "rle.bmp", bmp(13377, 13377, 8, 1, b"\xff\x00" * 1000)
    yield "large.ppm", b"P6 13377 13377 255\n"
    yield "large-plain.ppm", b"P3 13377 13377 255\n" + b"1 " * 1000
    yield "huge.pgm", b"P5 4294967295 4294967295 65535\n"
    for compression in (1, 5, 7, 8, 32773, 50000):
        yield f"large-{compression}.tif", big_tiff(13377, 13377, compression)
        yield f"huge-{compression}.tif", big_tiff(1 << 31, 1 << 31, compression)
    yield "strips.tif", tiff(
        [(256, 4, 1, 1000), (257, 4, 1, 1 << 22), (258, 3, 1, 8),
         (259, 3, 1, 5), (262, 3, 1, 1), (273, 4, 1 << 22, 0),
         (278, 4, 1, 1), (279, 4, 1 << 22, 0)], bytes(1 << 16))
    yield "count.tif", tiff([(256, 4, (1 << 32) - 1, 8)])
    yield "loop.tif", tiff([(330, 4, 1, 8), (256, 4, 1, 10), (257, 4, 1, 10)])
    yield "large.webp", webp(16383, 16383)
    yield "huge.webp", webp(1 << 24, 1 << 24)
    yield "large.jxl", jxl(13377)
    yield "huge.jxl", jxl(1 << 30)
    yield "large.avif", heif(13377, 13377)
    yield "huge.avif", heif((1 << 32) - 1, (1 << 32) - 1)
    yield "items.avif", heif(64, 64, 60000)


def zip_of(name, packed, size, crc, method=8, count=1):
    """`count` records that share one run of bytes: a file of overlaps."""
    head = struct.pack("<IHHHIIIIHH", 0x04034b50, 20, 0, method, 0, crc,
                       len(packed), size, len(name), 0) + name
    body, directory = head + packed, b""
    for number in range(count):
        own = name if count == 1 else name + str(number).encode()
        directory += struct.pack(
            "<IHHHHIIIIHHHHHII", 0x02014b50, 20, 20, 0, method, 0, crc,
            len(packed), size, len(own), 0, 0, 0, 0, 0, 0) + own
    return body + directory + struct.pack(
        "<IHHHHIIH", 0x06054b50, 0, 0, min(count, 65535), min(count, 65535),
        len(directory), len(body), 0)


def checkpoints():
    size = 256 << 20
    packed, crc = deflated_zeros(size), zlib.crc32(bytes(size))
    yield "bomb.pt", zip_of(b"a/data.pkl", packed, size, crc)
    yield "overlap.pt", zip_of(b"a/data/", packed, size, crc, count=60000)
    yield "claims.pt", zip_of(b"a/data.pkl", b"", (1 << 32) - 2, 0)
    yield "header.safetensors", struct.pack("<Q", 4 << 30) + b"{}"
    yield "header-all.safetensors", struct.pack("<Q", (1 << 64) - 1) + b"{}"
    text = b'{"a":' * 2_000_000
    yield "nested.safetensors", struct.pack("<Q", len(text)) + text
    shape = (b'{"a":{"dtype":"F32","shape":[4294967295,4294967295],'
             b'"data_offsets":[0,4]}}')
    yield "shape.safetensors", struct.pack("<Q", len(shape)) + shape + bytes(4)
    names = b"{" + b",".join(
        b'"%d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}' % number
        for number in range(260_000)) + b"}"
    yield "names.safetensors", struct.pack("<Q", len(names)) + names
    yield "values.pt", b"\x80\x02" + b"N" * 5_000_000 + b"."
    yield "nested.pt", b"\x80\x02" + b"]" * 4_000_000 + b"."
    yield "empty.pt", b""


def npy(shape, descr="<f4", data=b""):
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    text = text.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + data


def arrays():
    yield "huge.npy", npy("(4294967295, 4294967295)")
    yield "many.npy", npy("(1099511627776,)", "|i1")
    yield "rank.npy", npy("(" + "1," * 40 + ")", data=bytes(4))
    yield "zero.npy", npy("(1099511627776, 0)")
    yield "empty-rows.npy", npy("(4294967296, 0)")
    yield "header.npy", b"\x93NUMPY\2\0" + struct.pack("<I", (1 << 32) - 1)
    yield "nested.npy", npy("(" * 60 + ")" * 40)


def submissions():
    yield "nested.json", b"[" * 4_000_000
    yield "objects.json", b'{"a":' * 2_000_000
    yield "numbers.json", b'{"1":[' + b"1," * 4_000_000 + b"1]}"
    yield "keys.json", b"{" + b",".join(
        b'"%d":[]' % number for number in range(1_500_000)) + b"}"
    yield "too-large.json", b"{" + b" " * (40 << 20) + b"}"
    yield "digits.json", b'{"1":[' + b"9" * 4_000_000 + b"]}"


ENDLESS = ("with recursive n(i) as (select 1 union all select i + 1 from n) "
           "select {} from n")

# What is done to the database of a sound gallery.
ALTERATIONS = {
    "endless-items": (
        "drop table items",
        "create view items as " + ENDLESS.format(
            "i id, cast('a' || i as blob) path, 1 size_bytes, 1 modified_ns, "
            "'' content_hash, null row, 'io' status, '' reason, '' precision, "
            "'' decoding, 0 checksum")),
    "endless-blocks": (
        "drop table blocks",
        "create view blocks as " + ENDLESS.format(
            "i first_row, 1 rows, 0 checksum")),
    "endless-dead": (
        "drop table dead", "create view dead as " + ENDLESS.format("i row")),
    "endless-gallery": (
        "alter table gallery rename to hidden",
        "create view gallery as with recursive n(i) as (select 1 union all "
        "select i + 1 from n) select hidden.* from n, hidden where i < 0"),
    "many-rows": ("update gallery set rows = 1152921504606846976",),
    "wide": ("update gallery set width = 1099511627776",),
    "next-id": ("update gallery set next_id = -1",),
    "long-text": (
        "update gallery set description = hex(zeroblob(100000000))",),
    "long-path": ("update items set path = zeroblob(200000000)",),
    "trigger": (
        "create trigger t after update on gallery begin "
        "delete from items; end",),
    "generated": (
        "alter table items add column x as (hex(zeroblob(400000000)))",
        "create index y on items(abs(id))"),
}


def galleries(folder, program):
    """Galleries of one picture whose database was altered, and others."""
    pictures = folder / "pictures"
    pictures.mkdir()
    (pictures / "a.png").write_bytes(png(40, 40, 8, 2))
    sound = folder / "sound"
    subprocess.run(
        [program, "index", pictures, "--gallery", sound],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name, statements in ALTERATIONS.items():
        place = folder / f"gallery-{name}"
        shutil.copytree(sound, place)
        file = sqlite3.connect(place / "gallery.sqlite")
        for statement in statements:
            file.execute(statement)
        file.commit()
        file.close()
        yield "gallery", place
    place = folder / "gallery-noise"
    place.mkdir()
    (place / "gallery.sqlite").write_bytes(
        b"SQLite format 3\0" + random.Random(0).randbytes(8192))
    (place / "vectors.bin").write_bytes(bytes(100))
    yield "gallery", place


def texts():
    yield "word.jsonl", b'{"text": "' + b"a" * 8_000_000 + b'"}\n'
    yield "marks.jsonl", '{"text": "'.encode() + "e\u0301".encode() * 2_000_000 + b'"}\n'
    yield "entities.jsonl", b'{"text": "' + b"&amp;" * 1_000_000 + b'"}\n'
    yield "nested.jsonl", b"[" * 4_000_000 + b"\n"
    yield "no-end.jsonl", b"x" * 64_000_000


def write_all(folder, program):
    """(kind, path) of every file; the files lie in `folder`."""
    for kind, samples in (("bomb", bombs), ("picture", pictures),
                          ("checkpoint", checkpoints),
                          ("npy", arrays), ("submission", submissions),
                          ("text", texts)):
        for name, data in samples():
            path = folder / f"{kind}-{name}"
            path.write_bytes(data)
            yield kind, path
    for name, data in (("nested", b"a = " + b"[" * 500_000),
                       ("keys", b"".join(b"k%d = 1\n" % i for i in range(90_000))),
                       ("dots", b"a" + b".a" * 400_000 + b" = 1")):
        place = folder / f"settings-{name}"
        place.mkdir()
        (place / "igrot.toml").write_bytes(data)
        yield "settings", place / "igrot.toml"
        (folder / f"train-{name}.toml").write_bytes(data)
        yield "train_config", folder / f"train-{name}.toml"
    yield from galleries(folder, program)
