import threading

from metaonc.base.messages.advice import option, setting, spoken


def shout(name, *values):
    return f"/{name.upper()} {values}" if name in ("sep", "force") else None


def test_python_is_spoken_where_nothing_else_is():
    assert option("sep", ";") == "sep=';'"
    assert option("columns", {"HR": "os.hr"}) == "columns={'HR': 'os.hr'}"
    assert option("header") == "header="
    assert setting("skip", [3]) == "skip=[3]"


def test_an_interface_writes_its_own_options_and_says_which_are_of_python():
    with spoken(shout):
        assert option("sep", ";") == "/SEP (';',)"
        assert option("force") == "/FORCE ()"
        assert option("seeds") == "seeds= (in Python)"
        assert setting("the column", "x") == "the column='x'"
    assert option("sep") == "sep="


def test_another_thread_speaks_python():
    heard = []
    with spoken(shout):
        other = threading.Thread(target=lambda: heard.append(option("sep")))
        other.start()
        other.join()
    assert heard == ["sep="]
