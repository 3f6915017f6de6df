"""Files of many kinds, made as small as they can be: PDF, DOCX, PPTX and XLSX written by hand."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
S = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Line = tuple[str, int, int] | tuple[str, int, int, int]
"""Words, size of their letters, height above the page's lower edge, and where they begin from its left."""


def pdf(pages: Sequence[Sequence[Line]], title: str = "") -> bytes:
    """A PDF of lines in Helvetica, which begin 72 points from the left unless they say otherwise."""
    count = len(pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(f'{4 + 2 * n} 0 R' for n in range(count))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, lines in enumerate(pages):
        drawn = "\n".join(
            f"BT /F1 {size} Tf {x[0] if x else 72} {y} Td ({_in_pdf(words)}) Tj ET" for words, size, y, *x in lines
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    objects.append(f"<< /Title ({_in_pdf(title)}) >>")
    out, places = b"%PDF-1.4\n", list[int]()
    for n, written in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{written}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def _in_pdf(words: str) -> str:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def paragraph(words: str, style: str = "", run: str = "") -> str:
    facts = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{facts}<w:r>{run}<w:t>{escape(words)}</w:t></w:r></w:p>"


def word_table(rows: Iterable[Iterable[str]]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def docx(body: str, parts: Mapping[str, str | bytes] | None = None, opening: str = "") -> bytes:
    """A DOCX of paragraphs and tables; the style Kapitel is a heading of the first level."""
    styles = f'<w:styles {W}><w:style w:styleId="Kapitel"><w:name w:val="heading 1"/></w:style></w:styles>'
    document = f"{opening}<w:document {W}><w:body>{body}</w:body></w:document>"
    return packed({"word/document.xml": document, "word/styles.xml": styles, **(parts or {})})


def pptx(slides: Sequence[tuple[str, Sequence[str], str]]) -> bytes:
    """A PPTX of slides: title, lines, what the speaker notes."""
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(len(slides)))
    parts = {
        "ppt/presentation.xml": f"<p:presentation {P}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _links((f"rId{n}", "slide", f"slides/slide{n}.xml") for n in range(len(slides))),
    }
    for n, (title, lines, notes) in enumerate(slides):
        texts = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in lines)
        shapes = _shape(f"<a:p><a:r><a:t>{escape(title)}</a:t></a:r></a:p>", "title") + _shape(texts, "body")
        parts[f"ppt/slides/slide{n}.xml"] = f"<p:sld {P}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
        parts[f"ppt/slides/_rels/slide{n}.xml.rels"] = _links([("rId1", "notesSlide", f"../notesSlides/notes{n}.xml")])
        noted = _shape(f"<a:p><a:r><a:t>{escape(notes)}</a:t></a:r></a:p>", "body")
        parts[f"ppt/notesSlides/notes{n}.xml"] = f"<p:notes {P}><p:cSld><p:spTree>{noted}</p:spTree></p:cSld></p:notes>"
    return packed(parts)


def _shape(texts: str, kind: str) -> str:
    return f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:txBody>{texts}</p:txBody></p:sp>'


def _links(links: Iterable[tuple[str, str, str]]) -> str:
    inside = "".join(f'<Relationship Id="{one}" Type="{KIND}/{kind}" Target="{target}"/>' for one, kind, target in links)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'


def xlsx(sheets: Mapping[str, Sequence[Sequence[str | float]]], hidden: Sequence[str] = ()) -> bytes:
    """An XLSX of sheets, whose first cell is A1."""
    names = list(sheets)
    listed = ""
    for n, name in enumerate(names, 1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name="{escape(name)}" sheetId="{n}"{state} r:id="rId{n}"/>'
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": _links([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f"<workbook {S}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(
            (f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)
        ),
    }
    for n, name in enumerate(names, 1):
        rows = "".join(
            f'<row r="{y}">{"".join(_cell(chr(65 + x), y, value) for x, value in enumerate(row))}</row>'
            for y, row in enumerate(sheets[name], 1)
        )
        parts[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {S}><sheetData>{rows}</sheetData></worksheet>"
    return packed(parts)


def _cell(letter: str, row: int, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{letter}{row}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""
    return f'<c r="{letter}{row}"><v>{value}</v></c>'
