"""The page that shows every part of the look in every state; for development and the browser's tests."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from deals.analysis import charts
from deals.analysis.measures import rate
from deals.analysis.tables import Row, Table
from kb.markup import render as render_markdown

# Class, attributes and name of each state a control is shown in.
BUTTON_STATES = (
    ("", "", _("Normal")),
    ("is-hover", "", _("Hover")),
    ("is-focus", "", _("Focus")),
    ("is-active", "", _("Pressed")),
    ("", "disabled", _("Disabled")),
    ("", "aria-busy=true", _("Waiting")),
)
BUTTONS = (
    ("btn-primary", _("Primary"), _("Publish"), _("Publishing")),
    ("btn-plain", _("Secondary"), pgettext_lazy("verb", "Edit"), _("Saving")),
    ("btn-quiet", _("Quiet"), _("Later"), _("Saving")),
    ("btn-danger", _("Danger"), _("Delete"), _("Deleting")),
)
FIELD_STATES = (
    ("", "", _("Normal")),
    ("is-hover", "", _("Hover")),
    ("is-focus", "", _("Focus")),
    ("is-invalid", "", _("Error")),
    ("", "disabled", _("Disabled")),
    ("", "filled", _("Filled in")),
)
# A title of 120 characters and a word of 40: both must wrap, nothing may be cut off.
LONG_TITLE = (
    "障害が起きたときに誰が何時間以内にお客様のもとへ向かい、どの順番で連絡を取り、復旧までのあいだ何をお伝えするのかを、"
    "初回の提案で3枚の資料だけを使って説明し、稟議を書く担当の方が自分の言葉で言い直せるようにする提案書の作り方と使い方と直し方"
)
LONG_WORD = "supercalifragilisticexpialidocious_v3.md"
SAMPLE = """\
導入後の支援が理由の失注は、提案の3回目ではなく**初回**で決まります。*一枚目*は表ではなく、~~一般論~~昨年の実例を置きます[^1]。

## 3枚で伝える

1. 昨年の障害を一つ選び、発生から復旧までを時刻で書く。
2. 体制図に、お客様側の窓口も名前で入れる。
    - 夜間と休日は別の線で示す。
3. 3年の合計を、導入後90日の支援費を含めて比べる。

### 数字の並べ方

| 3年の合計（万円） | 当社 | 他社 |
|---|--:|--:|
| 利用料 | 1,080 | 936 |
| 導入と移行 | 180 | 240 |
| **合計** | **1,260** | **1,176** |

> [!WARNING]
> 料金は8月の聞き取りによります。[競合対策カード](/articles/)で日付を確かめてから使ってください。

> 障害のとき、誰が来てくれるのかが最後まで見えなかった。

- 「支援は別料金ですか」には、90日間は含むと答える。
- 画面は`status`を先に見せる。

```python
def hours_to_answer(severity: int) -> float:
    # 重いほど早く
    return {1: 0.5, 2: 2}.get(severity, 24)
```

- [x] 体制図の名前を今月のものにした
- [ ] 支援担当が同席できる日を押さえた

[^1]: 聞き取りは30日以内に行います。
"""


# Rates in every state: of many deals, of few, at the end of the scale, of none; won of how many.
RATES = ((_("Normal"), 31, 44), (_("Few deals"), 5, 9), (_("All won"), 12, 12), (_("None decided"), 0, 0))
ALL_TOGETHER = 0.58


def rates() -> Table:
    """The table of rates with their bands."""
    rows = []
    for name, won, n in RATES:
        found = rate(won, n, floor=settings.SMALL_N)
        rows.append(Row(str(name), found, "", "", charts.band(found, ALL_TOGETHER)))
    return Table(rows, ALL_TOGETHER, "")


class SampleForm(forms.Form):
    """One field of each kind, for its look alone."""

    evidence = forms.CharField(
        label=_("Evidence"),
        help_text=_("One sentence, as you heard it. No names."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = forms.CharField(label=_("Valid until"), max_length=10)
    owner = forms.CharField(label=_("Owner"), required=False)
    readers = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[("all", _("Everyone")), ("some", _("Some departments"))],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("ja", "日本語"), ("en", "English")],
        widget=forms.RadioSelect(attrs={"data-look": "segmented"}),
    )


def wrong_form() -> SampleForm:
    """A form sent with two mistakes."""
    form = SampleForm(
        {
            "evidence": "障害のとき、誰が来てくれるのかが見えなかった。",
            "until": "2026年13月1日",
            "owner": "森 拓也",
            "language": "ja",
        },
        auto_id="sample_%s",
    )
    form.add_error("until", forms.ValidationError(_("Months go from 1 to 12.")))
    return form


@require_safe
def every_state(request: HttpRequest) -> HttpResponse:
    """Show everything; ?theme=light or dark fixes the colours."""
    theme = request.GET.get("theme", "")
    return render(
        request,
        "components.html",
        {
            "theme": theme if theme in ("light", "dark") else "",
            "buttons": BUTTONS,
            "button_states": BUTTON_STATES,
            "field_states": FIELD_STATES,
            "form": wrong_form(),
            "rates": rates(),
            "pair": charts.pair(0.71, 0.29),
            "floor": settings.SMALL_N,
            "long_title": LONG_TITLE,
            "long_word": LONG_WORD,
            "sample": render_markdown(SAMPLE).html,
        },
    )
