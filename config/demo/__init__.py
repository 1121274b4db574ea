"""The first pages and words of the sample company, Hibari Soft, a fictional maker of business software."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoPage:
    """A page of the sample company; `by` is who writes it."""

    by: str
    collection: str
    kind: str
    language: str
    title: str
    body: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoTerm:
    """A word of the sample company, explained in both languages."""

    preferred: str
    reading: str
    other: str
    explanation: str
    explanation_en: str
    abbreviation: str = ""
    aliases: tuple[str, ...] = ()


# name, description, departments that may read; none: everyone
COLLECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("競合対策", "競合と並んだときに、何をどの順で言うか", ()),
    ("営業資料", "お客様に見せる資料と、その使い方", ()),
    ("よくある質問", "お客様と社内からよく聞かれること", ()),
    ("受注までの進め方", "初回訪問から契約までの段取り", ()),
    ("サポートの覚え書き", "カスタマー支援だけで使う手順", ("カスタマー支援",)),
)

PAGES: tuple[DemoPage, ...] = (
    DemoPage(
        by="sato",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="支援体制で負けないための提案書",
        tags=("支援", "製造業"),
        body="""\
導入後の支援が理由の失注は、提案の3回目ではなく**初回**で決まります。稟議を書く担当者は、障害のときに誰が来るのかを、自分の言葉で説明できなければなりません。

## 3枚で伝える

1枚目はSLAの表ではなく、昨年の実例を置きます。2枚目に体制図、3枚目にTCOの比較を。

順番には理由があります。情報システム部は1枚目で読むのを決め、決裁者は2枚目の名前だけを見ます。どの一枚から読まれても同じ結論になるように書いてください。

1. 昨年の障害を一つ選び、発生から復旧までを時刻で書く。
2. 体制図に、お客様側の窓口も名前で入れる。
3. 3年の合計を、導入後90日の支援費を含めて並べる。

### 数字の並べ方

| 3年の合計（万円） | 当社 | ノヴァ |
| --- | ---: | ---: |
| 利用料 | 1,080 | 936 |
| 導入と移行 | 180 | 240 |
| 90日の支援 | 0 | 150 |
| **合計** | **1,260** | **1,326** |

> [!注意]
> ノヴァの料金は8月の聞き取りによります。競合対策カードで日付を確かめてから使ってください。

## 反論と答え

> 障害のとき、誰が来てくれるのかが最後まで見えなかった。

- 「支援は別料金ですか」には、90日間は含むと答える。
- 「夜間は」には、体制図の右端を指す。
    - オンプレ版は `status` 画面の見せ方を先に練習する。

```console
$ hibari status --site minamo
稼働 214日  最後の障害 2026-04-18（復旧 42分）
```

### 送る前に

- [x] 体制図の名前と電話番号を今月のものにした
- [x] 3年の合計を先方の人数で計算した
- [ ] 支援担当が初回に同席できる日を押さえた
""",
    ),
    DemoPage(
        by="sato",
        collection="競合対策",
        kind="battlecard",
        language="ja",
        title="競合対策カード：ノヴァ",
        tags=("競合", "価格"),
        body="""\
ノヴァは初年度の価格が安く、画面が新しい会社です。比べられたら、価格ではなく**3年の合計**と**障害のときの体制**の話に戻します。

## 言ってよいこと

- 利用料だけなら先方が13％ほど安い。3年の合計では、支援費と移行費で逆転することが多い。
- 障害の駆けつけは、先方は平日の昼間だけ。当社は24時間。

## 言わないこと

- 「すぐ値上げする」。根拠がなく、信頼を失います。
- 先方の障害の話。こちらの実例だけを話します。

## よく出る反論

画面が古いと言われたら
:   見た目ではなく、月末の締めにかかる時間で比べてもらいます。試用の申し込みはその場で。

もう稟議に上げたと言われたら
:   金額の欄に入っている項目を聞きます。90日の支援が抜けていることがあります。
""",
    ),
    DemoPage(
        by="mori",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="SSOは標準で使えますか？",
        tags=("セキュリティ",),
        body="""\
はい。標準プランからSSOとSCIMが使えます。追加の料金はかかりません。

- 対応する方式：OpenID Connect、SAML 2.0
- 設定にかかる時間：先方の管理者が立ち会えば30分ほど
- 準備していただくもの：IdPの管理者権限と、試験用の利用者を2人

SSOとSCIMが必要かどうかは、初回訪問で情報システム部に聞いておくと、後の稟議が早くなります。
""",
    ),
    DemoPage(
        by="lee",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="失注と見送りはどう違いますか？",
        tags=("用語の決まり",),
        body="""\
他社か内製に決まれば**失注**、どこにも決まらなければ**見送り**です。

受注率の分母にはどちらも入ります。重複や対象外は入りません。迷ったら「お客様はいま何を使い続けているか」を書いてください。
""",
    ),
    DemoPage(
        by="lee",
        collection="受注までの進め方",
        kind="playbook",
        language="ja",
        title="初回訪問で聞く七つのこと",
        tags=("初回訪問", "営業"),
        body="""\
初回訪問は説明の場ではなく、先方の言葉を集める場です。次の七つを聞けば、提案書の半分は書けます。

1. いま困っていることを、いちばん最近の例で。
2. それにかかっている時間と人数。
3. 決裁者は誰か。稟議は何人が読むか。
4. 既存ベンダーの契約が切れる月。
5. 比べている会社。名前が出なければ無理に聞かない。
6. 導入後に触る人。推進者はその中にいるか。
7. 次に会う日。その場で決める。

> [!NOTE]
> 聞いたことは、その日のうちに商談の欄へ。翌日になると、先方の言葉がこちらの言葉に変わります。
""",
    ),
    DemoPage(
        by="sato",
        collection="営業資料",
        kind="success_story",
        language="ja",
        title="成功事例：みなも信用組合、締め処理が2日から3時間に",
        tags=("金融", "事例"),
        body="""\
みなも信用組合（架空）では、月末の締めに2日かかっていました。部門ごとの表計算を集める担当が一人に偏り、属人化していたためです。

## 何をしたか

- 最初の90日は、支援担当が毎週同席した。
- 表計算の様式を変えず、読み込みだけを自動にした。

## 数字

締めは3時間になりました。残業は月に41時間減りました。

## お客様の言葉

> 誰かが休むと止まる仕事が、なくなりました。
""",
    ),
    DemoPage(
        by="sato",
        collection="営業資料",
        kind="news",
        language="ja",
        title="11月の料金改定で変わること",
        tags=("価格",),
        body="""\
11月1日から、標準プランの最小人数が10人から5人になります。旧価格の見積もりは12月末まで有効です。

- 提案中の商談：新旧の安いほうで出し直せます。
- 契約ずみのお客様：更新の月から新しい価格です。
""",
    ),
    DemoPage(
        by="sato",
        collection="営業資料",
        kind="collateral",
        language="en",
        title="Explaining total cost of ownership in one slide",
        tags=("価格",),
        body="""\
Buyers compare the price of the first year because it is the only number on the quote. Show three years instead, on one slide.

## What goes on the slide

1. Licences, for the number of people they really have.
2. Migration and training, with the days it takes.
3. Support for the first 90 days. Ours is included; ask what theirs costs.

## What to say

"Most of the lost deals we looked at were not lost on price. They were lost because nobody could say who answers the phone at night."

Leave the slide with the champion: it is the page that gets pasted into the internal approval round.
""",
    ),
    DemoPage(
        by="sato",
        collection="よくある質問",
        kind="faq",
        language="en",
        title="What counts as a lost deal?",
        tags=("用語の決まり",),
        body="""\
A deal is **lost** when the customer chose a competitor, stayed with the incumbent by decision, or built it in-house.

If nothing was decided, it is **no decision**. Both count in the win rate; duplicates and disqualified leads do not.
""",
    ),
    DemoPage(
        by="mori",
        collection="サポートの覚え書き",
        kind="playbook",
        language="ja",
        title="障害の一次対応：最初の15分",
        tags=("支援",),
        body="""\
電話を受けたら、原因を探す前に、次の連絡の時刻を約束します。

1. お客様の名前、画面の文言、始まった時刻を聞く。
2. 15分後に折り返すと伝え、その時刻を書く。
3. 当番の技術支援に渡す。
""",
    ),
)

TERMS: tuple[DemoTerm, ...] = (
    DemoTerm(
        "稟議",
        "りんぎ",
        "internal approval round",
        "担当者が書類を回し、関係する人から順に承認をもらう手続き。",
        "A paper that goes round from person to person until everyone concerned has approved it.",
        aliases=("稟議書", "りん議"),
    ),
    DemoTerm(
        "失注",
        "しっちゅう",
        "lost deal",
        "商談が他社や内製に決まり、契約に至らなかったこと。どこにも決まらないときは「見送り」です。",
        "A deal that went to a competitor, the incumbent or an in-house build.",
    ),
    DemoTerm(
        "見送り",
        "みおくり",
        "no decision",
        "どこにも決めずに検討が終わること。いまのやり方が続きます。",
        "The customer decided nothing, and goes on as before.",
        aliases=("検討中止",),
    ),
    DemoTerm(
        "総保有コスト",
        "そうほゆうこすと",
        "total cost of ownership",
        "買ってから手放すまでに、合わせていくらかかるか。",
        "What something costs from buying it to giving it up, all together.",
        abbreviation="TCO",
    ),
    DemoTerm(
        "顧客獲得コスト",
        "こきゃくかくとくこすと",
        "customer acquisition cost",
        "お客様を一社増やすのに、営業とマーケティングにかかったお金。",
        "What sales and marketing spend, salaries included, for each new customer.",
        abbreviation="CAC",
    ),
    DemoTerm(
        "営業受け入れリード",
        "えいぎょううけいれりーど",
        "sales accepted lead",
        "営業が「追う」と決めた見込み客。マーケティングが渡した数とは違います。",
        "A lead that sales has agreed to follow up; not the number marketing handed over.",
        abbreviation="SAL",
    ),
    DemoTerm(
        "サービス水準合意",
        "さーびすすいじゅんごうい",
        "service level agreement",
        "守ると約束した品質と時間。",
        "The quality and times a supplier promises to keep.",
        abbreviation="SLA",
    ),
    DemoTerm(
        "シングルサインオン",
        "しんぐるさいんおん",
        "single sign-on",
        "会社のアカウント一つで、ほかの道具にもそのまま入れる仕組み。",
        "One company account that opens the other tools as well.",
        abbreviation="SSO",
    ),
    DemoTerm(
        "推進者",
        "すいしんしゃ",
        "champion",
        "先方の中で、こちらの提案を自分の仕事として進めてくれる人。",
        "The person inside the customer who carries our proposal as their own work.",
        aliases=("チャンピオン",),
    ),
    DemoTerm(
        "決裁者",
        "けっさいしゃ",
        "economic buyer",
        "最後に金額を認める人。会えなくても、書類は必ず読まれます。",
        "The one who approves the money in the end; you may never meet them, but your paper will.",
    ),
    DemoTerm(
        "属人化",
        "ぞくじんか",
        "over-reliance on one person",
        "一人しかやり方を知らず、その人がいないと止まること。",
        "Only one person knows how, and the work stops without them.",
    ),
    DemoTerm(
        "競合対策カード",
        "きょうごうたいさくかーど",
        "battlecard",
        "競合と並んだときに何を言うかを一枚にまとめたもの。",
        "One page on what to say when a competitor is in the room.",
        aliases=("バトルカード",),
    ),
)
