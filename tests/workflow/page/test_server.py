"""The server of a page, asked by hand: token, Host, Origin, paths, sizes, and how it ends."""

import http.client
import json
import re
import sys
import threading
import time

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from page_figures import blind_figure, visit

import metaonc as mo
from metaonc.cli import main
from metaonc.errors import OptionError
from metaonc.workflow.page import server as served
from metaonc.workflow.page.server import PageServer

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def server():
    asked = []

    def answer(name, body):
        asked.append((name, body))
        return {"was": name}

    made = PageServer("<p>page</p>", "default-src 'none'", answer, frozenset({"solve"}))
    made.asked = asked
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.heard(goodbye=True)
    made._allowed = 0.0
    thread.join(10)
    assert not thread.is_alive()


def send(server, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def own(server, **change):
    return {"Origin": server.origin, **JSON, **change}


def test_the_page_is_at_its_address_alone_and_forbids_itself_all_else(server):
    response, content = send(server, "GET", f"/{server.token}/")
    assert (response.status, content) == (200, b"<p>page</p>")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert server.server_address[0] == "127.0.0.1"
    assert len(server.token) >= 43  # 256 bits


@pytest.mark.parametrize(
    "path",
    ["/", "//", "/x/", "/{token}", "/{token}x/", "/{token}/index.html", "/{token}/../{token}/", "/{token}/%2e%2e/",
     "/{token}/../../etc/passwd", "/{token}//", "/{token}/?a=1", "/{token}/solve", "{token}/", "/é/"],
)  # fmt: skip
def test_nothing_else_is_there(server, path):
    raw = path.format(token=server.token).encode("latin-1")
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    connection.connect()
    connection.sock.sendall(b"GET " + raw + b" HTTP/1.1\r\nHost: " + server.origin[7:].encode() + b"\r\n\r\n")
    assert b" 404 " in connection.sock.recv(4096).split(b"\r\n")[0]
    connection.close()


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_host_is_refused(server, host):
    for method, headers in (("GET", {}), ("POST", own(server))):
        response, _ = send(
            server, method, f"/{server.token}/{'solve' * (method == 'POST')}", "{}", headers | {"Host": host}
        )
        assert response.status == 404
    assert server.asked == []


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://localhost:{port}", "https://127.0.0.1:{port}"]
)
def test_a_question_of_another_page_is_refused(server, origin):
    headers = dict(JSON) if origin is None else JSON | {"Origin": origin.format(port=server.server_address[1])}
    response, _ = send(server, "POST", f"/{server.token}/solve", "{}", headers)
    assert response.status == 403
    assert server.asked == []


def test_a_page_framed_or_opened_by_another_site_is_refused(server):
    response, _ = send(server, "GET", f"/{server.token}/", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status == 403


def test_questions_are_answered_within_their_bounds(server):
    path = f"/{server.token}/solve"
    response, content = send(server, "POST", path, json.dumps({"hand": {}}), own(server))
    assert (response.status, json.loads(content)) == (200, {"was": "solve"})
    assert server.asked == [("solve", {"hand": {}})]
    large = str(served.MOST_BYTES + 1)
    assert send(server, "POST", path, "{}", own(server, **{"Content-Length": large}))[0].status == 413
    assert send(server, "POST", path, "{}", own(server, **{"Content-Length": "-1"}))[0].status == 411
    assert send(server, "POST", path, "{nonsense", own(server))[0].status == 400
    assert send(server, "POST", path, "[" * 100_000, own(server))[0].status == 400
    assert send(server, "POST", path, "{}", own(server, **{"Content-Type": "text/plain"}))[0].status == 415
    assert send(server, "POST", f"/{server.token}/quit", "{}", own(server))[0].status == 404
    assert send(server, "POST", "/guess/solve", "{}", own(server))[0].status == 404
    for method in ("PUT", "DELETE", "OPTIONS", "HEAD"):
        assert send(server, method, path, headers=own(server))[0].status == 501
    assert len(server.asked) == 1


def test_it_ends_with_its_page_and_not_before(monkeypatch):
    monkeypatch.setattr(served, "GOODBYE", 0.3)
    made = PageServer("", "", lambda name, body: {}, frozenset())
    thread = threading.Thread(target=made.run)
    thread.start()
    time.sleep(0.5)
    assert thread.is_alive()  # nobody has been there yet
    send(made, "GET", f"/{made.token}/")
    send(made, "POST", f"/{made.token}/bye", "", {"Origin": made.origin})
    send(made, "GET", f"/{made.token}/")  # loaded anew
    time.sleep(0.8)
    assert thread.is_alive()
    assert send(made, "POST", f"/{made.token}/beat", "", {"Origin": made.origin})[0].status == 204
    send(made, "POST", f"/{made.token}/bye", "", {"Origin": made.origin})
    thread.join(10)
    assert not thread.is_alive()
    with pytest.raises(ConnectionError):
        send(made, "GET", f"/{made.token}/")


def test_silence_ends_it(monkeypatch):
    monkeypatch.setattr(served, "SILENCE", 0.2)
    made = PageServer("", "", lambda name, body: {}, frozenset())
    made.heard()
    thread = threading.Thread(target=made.run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_ctrl_c_ends_it(monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    made = PageServer("", "", lambda name, body: {}, frozenset())
    monkeypatch.setattr(served, "sleep", interrupt)
    made.run()


def test_the_verb_serves_until_the_page_is_closed(tmp_path, monkeypatch, capsys):
    blind_figure(tmp_path / "blind.png")
    assert mo.page(tmp_path / "blind.png", out=tmp_path / "out", show=visit) == tmp_path / "out"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("webbrowser.open", visit)
    assert main(["page", "blind.png"]) == 0
    assert "The page is at http://127.0.0.1:" in capsys.readouterr().out
    assert main(["page", "blind.png", "--html", "alone.html"]) == 0
    assert "Written: alone.html" in capsys.readouterr().out
    with pytest.raises(OptionError, match="give one of them"):
        mo.page("blind.png", out=tmp_path / "out", html="a.html")


def test_the_page_alone_asks_nothing_of_anyone_and_no_name_gets_out_of_its_place(tmp_path):
    blind_figure(tmp_path / "a<b>&.png")
    text = mo.page(tmp_path / "a<b>&.png", html=tmp_path / "page.html").read_text("utf-8")
    assert "connect-src 'none'" in text
    assert "default-src 'none'" in text
    assert "<title>a&lt;b&gt;&amp;.png</title>" in text
    boot = text.split('id="boot">')[1].split("</script>")[0]
    assert "<" not in boot
    assert json.loads(boot)["name"] == "a<b>&.png"
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


@pytest.mark.parametrize(("framed", "status"), [(False, 403), (True, 200)])
def test_only_a_page_for_notebooks_is_shown_within_another(framed, status):
    made = PageServer("<p>page</p>", "", lambda *_: {}, frozenset(), framed=framed)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    try:
        asked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}
        response, _ = send(made, "GET", f"/{made.token}/", headers=asked)
        assert response.status == status
        assert response.headers["X-Frame-Options"] == (None if framed else "DENY")
        assert send(made, "GET", f"/{made.token}/", headers=asked | {"Sec-Fetch-Dest": "document"})[0].status == 403
        assert send(made, "GET", "/other/", headers=asked)[0].status == 404
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


class Reader(NotebookClient):
    """A notebook whose user looks at the page that a cell shows, and closes it."""

    def output(self, outs, msg, display_id, cell_index):
        found = re.search(r'src="(http://127[^"]+)"', msg["content"].get("data", {}).get("text/html", ""))
        if found:
            visit(found[1])
        return super().output(outs, msg, display_id, cell_index)


def test_a_notebook_shows_the_page_below_its_cell(tmp_path):
    blind_figure(tmp_path / "blind.png")
    path, out = str(tmp_path / "blind.png"), str(tmp_path / "out")
    cell = f"import metaonc as mo\nprint(mo.page({path!r}, widget=True, out={out!r}))"
    notebook = new_notebook(cells=[new_code_cell(cell)])
    Reader(notebook, timeout=120, kernel_name="python3").execute()
    said = "".join(out.get("text", "") for out in notebook.cells[0].outputs)
    assert "The cell ends when the page is closed" in said
    assert out in said


def test_what_a_notebook_cannot_show_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "blind.png"
    blind_figure(path)
    with pytest.raises(OptionError, match="leave widget= out"):
        mo.page(path, html=tmp_path / "page.html", widget=True)
    monkeypatch.setitem(sys.modules, "IPython.display", None)
    with pytest.raises(OptionError, match="IPython is not installed"):
        mo.page(path, widget=True, out=tmp_path / "out")
