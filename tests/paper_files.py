"""Small real files for tests of documents: a PDF of some pages, pictures, a text document."""

import io
import zipfile
from pathlib import Path


def pdf(pages: int = 3, *, note: str = "") -> bytes:
    """A whole PDF with its cross-reference table; `note` makes another file of it."""
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>" for _ in range(pages)),
    ]
    body, offsets = io.BytesIO(), []
    body.write(f"%PDF-1.7\n% {note}\n".encode())
    for number, content in enumerate(objects, 1):
        offsets.append(body.tell())
        body.write(f"{number} 0 obj\n{content}\nendobj\n".encode())
    start = body.tell()
    body.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    body.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    body.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return body.getvalue()


def docx(*more: str) -> bytes:
    """What a word processor saves, as far as its parts go."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *more):
            archive.writestr(name, "<xml/>")
    return body.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
JPEG = b"\xff\xd8\xff\xe0" + bytes(32)
TIFF = b"II*\x00" + bytes(32)
HTML = b"<!doctype html><script>alert(1)</script>"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
