"""Shortcodes and embedded HTML of imported pages."""

import pytest

from kb.articles.shortcodes import converted


def convert(body: str) -> tuple[str, list[str]]:
    text, changes = converted(body, "a.md")
    return text, [change.code for change in changes]


def test_an_alert_becomes_a_callout_with_its_title() -> None:
    body = '前文。\n{{% alert title="重要" color="warning" %}}\n一行目\n\n- 二行目\n{{% /alert %}}\n後文。'
    assert convert(body) == (
        "前文。\n\n> [!WARNING]\n> **重要**\n>\n> 一行目\n>\n> - 二行目\n\n後文。",
        [],
    )


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("note", "NOTE"),
        ("panel", "NOTE"),
        ("callout danger", "CAUTION"),
        ("tip", "TIP"),
        ('alert color="success"', "TIP"),
        ("hint type=important", "IMPORTANT"),
        ("caution", "CAUTION"),
    ],
)
def test_each_kind_of_box_becomes_its_kind_of_callout(opening: str, kind: str) -> None:
    text, codes = convert(f"{{{{< {opening} >}}}}\n中\n{{{{< /{opening.split(maxsplit=1)[0]} >}}}}")
    assert text == f"> [!{kind}]\n> 中\n"
    assert codes == []


def test_a_box_in_a_list_stays_in_the_list() -> None:
    text, _codes = convert("1. 一\n\n   {{< note >}}\n   中\n   {{< /note >}}\n2. 二")
    assert text == "1. 一\n\n   > [!NOTE]\n   > 中\n\n2. 二"


def test_boxes_within_boxes_are_both_converted() -> None:
    text, _codes = convert("{{% alert %}}\n外\n{{% note %}}\n内\n{{% /note %}}\n{{% /alert %}}")
    assert text.startswith("> [!NOTE]\n> 外\n>\n> > [!NOTE]\n> > 内")


def test_details_stay_details() -> None:
    text, codes = convert('{{% details summary="A < B" %}}\n- 一\n{{% /details %}}')
    assert text == "<details><summary>A &lt; B</summary>\n\n- 一\n\n</details>"
    assert codes == []


def test_a_figure_is_an_image_with_its_caption() -> None:
    body = '{{< figure src="/a b.png" alt="図" caption="図1" link="https://example.com" >}}'
    assert convert(body) == ('[![図](</a b.png> "図1")](https://example.com)', [])


def test_videos_become_links_and_are_told() -> None:
    assert convert("{{< youtube VbmqYu7WFOU >}}") == (
        "<https://www.youtube.com/watch?v=VbmqYu7WFOU>",
        ["video_as_link"],
    )
    assert convert('{{< vimeo id="12" title="紹介" >}}')[0] == "[紹介](https://vimeo.com/12)"


def test_a_ref_in_a_link_is_its_path() -> None:
    assert convert('[題]({{< ref "sales/a.md#x" >}})') == ("[題](sales/a.md#x)", [])


def test_of_what_nobody_knows_the_words_stay_and_it_is_told() -> None:
    assert convert('| {{< member-by-name "佐藤 美咲" >}} |') == ("| 佐藤 美咲 |", ["shortcode_removed"])
    assert convert('{{% tech-stack "Marketo" %}}') == ("", ["shortcode_removed"])
    assert convert('{{% tab name="手順" %}}\n中身\n{{% /tab %}}') == (
        "**手順**\n\n中身",
        ["shortcode_removed"],
    )
    assert convert("前{{< mark >}}中{{< /mark >}}後") == ("前中後", ["shortcode_removed"])


@pytest.mark.parametrize(
    "body",
    [
        "```\n{{< note >}}\n```",
        "`{{< ref x >}}`",
        "{{</* note */>}}",
        "{{ page.title }}",
        "{{< note",
        "    {{< note >}}",
        "`<iframe src='x'>`",
    ],
)
def test_code_and_what_is_no_shortcode_stay(body: str) -> None:
    assert convert(body) == (body, [])


def test_pairs_that_cross_lose_no_words() -> None:
    text, _codes = convert("{{< a >}}一{{< b >}}二{{< /a >}}三{{< /b >}}")
    assert "".join(word for word in text if word in "一二三") == "一二三"


def test_a_thousand_boxes_within_each_other_end_in_time() -> None:
    text, _codes = convert("{{% x %}}" * 1000 + "中" + "{{% /x %}}" * 1000)
    assert "中" in text


def test_an_iframe_is_a_link_to_what_it_showed() -> None:
    body = '<figure>\n<iframe width="5" src="https://www.youtube.com/embed/abc?rel=0" title="紹介"></iframe>\n</figure>'
    assert convert(body) == (
        '<figure>\n<a href="https://www.youtube.com/watch?v=abc">紹介</a>\n</figure>',
        ["iframe_removed"],
    )


def test_what_rendering_drops_or_shows_otherwise_is_told() -> None:
    assert convert("<script>x</script><style>y</style>")[1] == ["html_removed"]
    assert convert("<video src='https://example.com/a.mp4'></video>")[1] == ["embed_as_link"]
    assert convert("```mermaid\ngraph LR\n```\n")[1] == ["diagram_as_code"]


def test_alerts_of_github_stay() -> None:
    assert convert("> [!NOTE]\n> 中") == ("> [!NOTE]\n> 中", [])
