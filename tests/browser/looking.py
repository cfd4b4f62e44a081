"""Opens a page in QtWebEngine, a Chromium, and says as JSON what came of it. Run by the Python of .venv-browser.

`looking.py PAGE PICTURE PDF`; QTWEBENGINE_CHROMIUM_FLAGS says whether the reader's system is dark.
"""

# The tests' own Python has no Qt.
# mypy: ignore-errors
from __future__ import annotations

import json
import sys

from PyQt6.QtCore import QTimer, QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineUrlRequestInterceptor
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import QApplication

ASKED = """JSON.stringify({
    title: document.title,
    text: document.body.innerText,
    color: getComputedStyle(document.body).color,
    background: getComputedStyle(document.body).backgroundColor,
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    mode: document.compatMode,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    cut: [...document.querySelectorAll('pre, td, th, h1, h2, h3, h4')].filter(
        one => one.scrollWidth > one.clientWidth + 1).length,
    tables: document.querySelectorAll('table').length,
    scripts: document.scripts.length,
    resources: performance.getEntriesByType('resource').length,
})"""


class Asking(QWebEngineUrlRequestInterceptor):
    """Writes down what the page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def interceptRequest(self, info) -> None:  # noqa: N802
        self.urls.append(info.requestUrl().toString())


class Page(QWebEnginePage):
    """Writes down what the console says."""

    said: list[str]

    def javaScriptConsoleMessage(self, level, message, line, source) -> None:  # noqa: N802
        self.said.append(message)


def main() -> None:
    app = QApplication(["looking"])
    view, page, asking = QWebEngineView(), None, Asking()
    page = Page(view)
    page.said = []
    page.profile().setUrlRequestInterceptor(asking)
    view.setPage(page)
    view.resize(1100, 1500)

    def loaded(ok: bool) -> None:
        QTimer.singleShot(1000, lambda: page.runJavaScript(ASKED, lambda found: told(ok, found)))

    def told(ok: bool, found: str) -> None:
        picture = view.grab().toImage()
        picture.save(sys.argv[2])
        corner = picture.pixelColor(5, 5).lightness()
        result = {"ok": ok, "console": page.said, "urls": asking.urls, "corner": corner, **json.loads(found)}
        page.pdfPrintingFinished.connect(lambda path, done: ended({**result, "pdf": done}))
        page.printToPdf(sys.argv[3])

    def ended(result: dict[str, object]) -> None:
        print(json.dumps(result))
        app.quit()

    page.loadFinished.connect(loaded)
    page.load(QUrl.fromLocalFile(sys.argv[1]))
    view.show()
    app.exec()


main()
