"""The pages that come with the package."""

from __future__ import annotations

from importlib.resources import files


def page(*names: str) -> str | None:
    """The text of a page below docs/; None when there is none of this name."""
    found = files("migrate").joinpath("pages", *names)
    if any(name in ("", ".", "..") or "/" in name or "\\" in name for name in names) or not found.is_file():
        return None
    return found.read_text("utf-8")


def titles(folder: str) -> list[tuple[str, str]]:
    """Name and first sentence of every page in a folder of docs/, but for its index."""
    entries = sorted(entry.name for entry in files("migrate").joinpath("pages", folder).iterdir())
    names = [name.removesuffix(".md") for name in entries if name.endswith(".md") and name != "index.md"]
    return [(name, _sentence(page(folder, f"{name}.md") or "")) for name in names]


def _sentence(text: str) -> str:
    paragraph = text.split("\n\n")[1] if "\n\n" in text else ""
    return " ".join(paragraph.split()).partition(". ")[0].rstrip(".")


def table(rows: list[tuple[str, str]]) -> str:
    """Names and sentences as two columns."""
    width = max((len(name) for name, _ in rows), default=0)
    return "".join(f"{name.ljust(width)}  {sentence}".rstrip() + "\n" for name, sentence in rows)
