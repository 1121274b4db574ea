"""Pages as people write them, rendered by the child process."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kb.markup import Heading, RendererUnavailable, rendering
from kb.markup.rendering import render


def test_a_page_comes_back_with_its_html_its_text_and_its_headings() -> None:
    rendered = render("## 3枚で伝える\n\n1枚目は**実例**を置きます。")
    assert (
        rendered.html
        == '<h2 id="h-3枚で伝える">3枚で伝える</h2>\n<p>1枚目は<strong>実例</strong>を置きます。</p>\n'
    )
    assert rendered.text == "3枚で伝える\n1枚目は実例を置きます。"
    assert rendered.headings == (Heading(2, "h-3枚で伝える", "3枚で伝える"),)
    assert not rendered.plain


def test_an_empty_page_is_a_page() -> None:
    rendered = render("")
    assert (rendered.html, rendered.text, rendered.headings, rendered.plain) == ("", "", (), False)


def test_zero_bytes_and_halves_of_characters_are_replaced() -> None:
    assert render("商\x00談\ud800").text == "商\ufffd談\ufffd"


def test_what_takes_too_long_is_shown_as_written(caplog: pytest.LogCaptureFixture) -> None:
    source = "*商談* <b>\n" + "段落と[リンク](a)\n\n" * 60_000
    started = time.monotonic()
    rendered = render(source, timeout=0.3)
    assert time.monotonic() - started < 5
    assert rendered.plain
    assert rendered.html.startswith('<div class="prose-plain">*商談* &lt;b&gt;\n段落')
    assert rendered.text == source
    assert "stopped" in caplog.text
    assert render("次のページ").html == "<p>次のページ</p>\n"


def test_ten_megabytes_are_never_refused() -> None:
    source = "営業資料\n" * 800_000
    rendered = render(source, timeout=0.5)
    assert rendered.plain
    assert len(rendered.text) == len(source)


def test_the_next_page_is_rendered_when_the_child_has_died() -> None:
    render("一枚目")
    child = rendering._RENDERER._child
    assert child is not None
    child._process.kill()
    child._process.wait()
    assert render("二枚目").html == "<p>二枚目</p>\n"


def test_threads_get_their_own_pages() -> None:
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        answers[number] = render(f"第{number}版").text

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"第{number}版" for number in range(12)}


def test_a_forked_process_renders_with_a_child_of_its_own() -> None:
    render("親")
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writing, render("子").text.encode())
        rendering._RENDERER.end()
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read().decode() == "子"
    assert render("親").text == "親"


def test_a_machine_that_cannot_start_the_child_says_so_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    rendering._RENDERER.end()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(RendererUnavailable):
        render("商談")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RendererUnavailable):
        render("商談")


def test_the_child_ends_with_whoever_asked_it() -> None:
    root = Path(rendering.__file__).parents[2]
    code = "from kb.markup import rendering; rendering.render('a'); print(rendering._RENDERER._child._process.pid); import os; os._exit(0)"
    pid = int(subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True).stdout)
    tries = 300
    while tries and is_alive(pid):
        tries -= 1
        time.sleep(0.1)
    assert not is_alive(pid), "the child outlives its parent"


def is_alive(pid: int) -> bool:
    """Whether there is such a process, one that ended and that nobody waited for aside."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
