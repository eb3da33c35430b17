"""HTML that cannot be broken out of."""

from __future__ import annotations

from bot.channels.http.html import Html, join, tag


def test_text_is_escaped_wherever_it_stands() -> None:
    """A text is a text as a child and as an attribute."""
    broken = "<script>\"'&"
    assert tag("p", broken) == "<p>&lt;script&gt;&quot;&#x27;&amp;</p>"
    assert tag("a", href=broken) == '<a href="&lt;script&gt;&quot;&#x27;&amp;"></a>'


def test_what_was_built_here_is_not_escaped_again() -> None:
    """Elements nest; what is None is nothing."""
    assert tag("p", tag("b", "a < b"), None, " c") == "<p><b>a &lt; b</b> c</p>"
    assert join([Html("<br>"), "<"]) == "<br>&lt;"


def test_attributes_are_named_as_html_names_them() -> None:
    """A trailing underscore falls away, others are dashes; True is a name alone, False and None are nothing."""
    element = tag("input", class_="a b", data_step=0, required=True, hidden=False, value=None)
    assert element == '<input class="a b" data-step="0" required>'
