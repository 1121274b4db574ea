"""What customers and colleagues of the sample company often ask."""

# ruff: noqa: E501 - sentences stand on one line each, as they are shown

from __future__ import annotations

from config.demo.rows import DemoPage
from config.demo.shelves import MARKETING, SALES_1, SALES_2

FAQ: tuple[DemoPage, ...] = (
    DemoPage(
        slug="faq-sso",
        by="mori",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="SSOは標準で使えますか？",
        on="2024-08-19",
        changed="2026-05-07",
        tags=("セキュリティ",),
        body="""\
はい。標準プランからSSOとSCIMが使えます。追加の料金はかかりません。

- 対応する方式：OpenID Connect、SAML 2.0
- 設定にかかる時間：先方の管理者が立ち会えば30分ほど
- 準備していただくもの：認証側の管理者権限と、試験用の利用者を2人

SSOとSCIMが必要かどうかは、[初回訪問](article:first-visit)で情報システム部に聞いておくと、後の稟議が早くなります。
""",
    ),
    DemoPage(
        slug="faq-lost-or-dropped",
        by="lee",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="失注と見送りはどう違いますか？",
        on="2024-07-22",
        tags=("用語の決まり", "受失注"),
        body="""\
他社、既存ベンダー、内製のどれかに決まれば**失注**、どこにも決まらなければ**見送り**です。

受注率の分母にはどちらも入ります。重複や対象外は入りません。迷ったら「お客様はいま何を使い続けているか」を書いてください。

| 例 | 結果 |
| --- | --- |
| いまの会社と3年の更新をした | 失注（既存ベンダー） |
| 検討をやめ、いまの契約が自動で延びた | 見送り |
| 情報システム部の人が表計算で作った | 失注（内製） |
| 予算が来年度に回った | 見送り |
| 公募の条件に合わなかった | 対象外 |
""",
    ),
    DemoPage(
        slug="faq-lost-en",
        by="sato",
        collection="よくある質問",
        kind="faq",
        language="en",
        title="What counts as a lost deal?",
        on="2025-09-22",
        tags=("用語の決まり", "受失注"),
        body="""\
A deal is **lost** when the customer chose a competitor, stayed with the incumbent by decision, or built it in-house.

If nothing was decided, it is **no decision**. Both count in the win rate; duplicates and disqualified leads do not.

An automatic renewal after the customer stopped looking is no decision. A renewal they signed after comparing us is a loss.
""",
    ),
    DemoPage(
        slug="faq-minimum",
        by="yamaguchi",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="何人から契約できますか？",
        on="2025-10-01",
        changed="2026-04-01",
        note="社外の人の数え方を変えた",
        tags=("価格", "料金改定", "最小人数"),
        changed_by="sato",
        earlier=(
            (
                "2026年4月から、社外の人（デザイン会社、協力会社）が**読むだけ**なら、人数に入りません。入力や承認をする人は入ります。",
                "社外の人（デザイン会社、協力会社）も、使うなら人数に入ります。",
            ),
        ),
        body="""\
10人からです。2025年9月までは30人からでした。

10人より少ない会社でも契約できますが、料金は10人分になります。6人までの会社には、正直に[マメノキ](article:mamenoki-battlecard)のような道具を勧めてかまいません。

2026年4月から、社外の人（デザイン会社、協力会社）が**読むだけ**なら、人数に入りません。入力や承認をする人は入ります。
""",
    ),
    DemoPage(
        slug="faq-night",
        by="mori",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="夜間や休日は誰が電話に出ますか？",
        on="2026-02-02",
        changed="2026-11-05",
        note="10月までの折り返しの記録を足した",
        tags=("支援", "夜間対応"),
        earlier=(
            (
                "2月から10月までに夜間の電話は61件、30分以内に折り返したのは58件です。遅れた3件はいずれも2月で、当番が一人だったときのものです。3月からは副当番を置いています。",
                "始めたばかりで、まだ記録がありません。聞かれたら、そのまま答えてください。",
            ),
            ("[潮待倉庫](deal:潮待倉庫 入出庫の報告書)では、それが決め手になりました。", ""),
        ),
        body="""\
2026年2月から、夜間と休日は当番が受け、**30分以内に**折り返します。標準プランに含まれます。

| 時間 | 誰が | 返事まで |
| --- | --- | --- |
| 平日 8時〜19時 | 導入担当、90日のあとは支援の窓口 | 電話はその場、文章は1時間 |
| 平日の夜、休日 | 当番 | 30分以内に折り返し |

2月から10月までに夜間の電話は61件、30分以内に折り返したのは58件です。遅れた3件はいずれも2月で、当番が一人だったときのものです。3月からは副当番を置いています。

当番表の実物を見せてほしいと言われたら、氏名の入った今月の表を見せてかまいません。[潮待倉庫](deal:潮待倉庫 入出庫の報告書)では、それが決め手になりました。
""",
    ),
    DemoPage(
        slug="faq-onboarding-fee",
        by="inoue",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="導入の支援は別料金ですか？",
        on="2026-02-02",
        tags=("価格", "最初の90日", "導入"),
        body="""\
いいえ。[最初の90日](article:first-90-days)は標準プランに含まれます。現場に伺う交通費も含みます。

2026年1月まで売っていた導入支援パックは、なくなりました。パックを契約ずみのお客様には、残りの回数を90日に足しています。

延びた場合も、こちらの理由なら料金はかかりません。先方の理由で3週間を超えるときは、先に相談します。
""",
    ),
    DemoPage(
        slug="faq-excel-layout",
        by="inoue",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="いまの表計算の様式はそのまま使えますか？",
        on="2024-09-02",
        changed="2026-07-27",
        tags=("帳票", "移行"),
        body="""\
ほとんどの場合、そのまま読み込めます。1種あたり30分から2時間です。

そのままでは読めないもの
:   図形で書かれた枠、結合が3段より深い表、他のファイルを参照する式。これらは作り直しになり、1種で半日かかります。

数え方
:   「様式は何種ですか」と聞くと、少なく答える人がほとんどです。実物を集めて並べてください。[帆影物流](article:story-hokage)は20種と聞いて、数えたら37種でした。

和英の併記
:   できます。同じ元から、日本語だけ、英語だけ、両方の三つを出せます。
""",
    ),
    DemoPage(
        slug="faq-ebunho",
        by="sato",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="電子帳簿保存法に対応していますか？",
        on="2024-06-10",
        changed="2026-03-02",
        tags=("帳票", "法令"),
        body="""\
はい。電子で受け取った請求書と、こちらから電子で出した控えの両方を、求められる形で保存できます。

| 求められること | どう満たすか |
| --- | --- |
| 日付、金額、取引先で探せる | 3つを組み合わせて探せます。範囲でも探せます |
| 直したり消したりした記録が残る | 監査ログに残り、消せません |
| 画面と紙ですぐ出せる | 出せます |
| 仕組みの説明書がある | 設定に合わせた説明書を自動で作ります |

会社の事務処理規程は、お客様が決めるものです。ひな形はお渡しできますが、税務の判断は顧問の税理士に確かめてもらってください。
""",
    ),
    DemoPage(
        slug="faq-onprem",
        by="mori",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="オンプレ版の最小構成は？",
        on="2024-11-18",
        changed="2026-10-26",
        note="検索が多いのに見つからなかったので題名を直した",
        tags=("オンプレ", "金融"),
        earlier_title="オンプレ版のハードウェア要件",
        earlier=(
            (
                "夜間の当番は、オンプレ版にも付きます。ただし、こちらから中は見られないので、次の出力を読み上げてもらいます。",
                "電話では、次の出力を読み上げてもらいます。",
            ),
        ),
        body="""\
500人までなら、1台で動きます。

| 人数 | コア | メモリ | ディスク | 台数 |
| --- | ---: | ---: | ---: | ---: |
| 500人まで | 4 | 16 GB | 200 GB | 1 |
| 2,000人まで | 8 | 32 GB | 500 GB | 2 |
| それより多い | 相談 | 相談 | 相談 | 3から |

- 外のネットワークにつながらなくても動きます。更新はファイルでお渡しします。
- 夜間の当番は、オンプレ版にも付きます。ただし、こちらから中は見られないので、次の出力を読み上げてもらいます。

```console
$ hibari status
稼働 31日  帳票 正常  稟議 正常  ディスク 41%
```
""",
    ),
    DemoPage(
        slug="faq-handheld",
        by="tanaka",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="どのハンディ端末が使えますか？",
        on="2025-06-16",
        changed="2026-06-22",
        note="4機種を足した",
        tags=("在庫", "端末"),
        earlier=(
            ("8機種です。2026年6月に4機種を足しました。スマートフォンのカメラでも読めます。", "4機種です。"),
            ("| C形（2機種、2026年6月から） | −30〜50度 | はい | 60 cm |\n", ""),
            ("| D形（2機種、2026年6月から） | −10〜50度 | はい | 7 m |\n", ""),
            (
                "冷凍の客先にはC形、天井クレーンにはD形です。**濡れた札は、D形でも10枚に4枚しか読めません。** 雨のかかる置き場では、札の色を黄色に変えると8枚まで上がります（[梓沢製鋼](deal:梓沢製鋼 製品置き場)のあとに試しました）。",
                "冷凍庫の中では使えません。",
            ),
        ),
        body="""\
8機種です。2026年6月に4機種を足しました。スマートフォンのカメラでも読めます。

| 型 | 使える温度 | 厚手の手袋 | 読める距離 |
| --- | --- | --- | --- |
| A形（2機種） | 0〜45度 | いいえ | 30 cm |
| B形（2機種） | −10〜50度 | はい | 60 cm |
| C形（2機種、2026年6月から） | −30〜50度 | はい | 60 cm |
| D形（2機種、2026年6月から） | −10〜50度 | はい | 7 m |

冷凍の客先にはC形、天井クレーンにはD形です。**濡れた札は、D形でも10枚に4枚しか読めません。** 雨のかかる置き場では、札の色を黄色に変えると8枚まで上がります（[梓沢製鋼](deal:梓沢製鋼 製品置き場)のあとに試しました）。
""",
    ),
    DemoPage(
        slug="faq-migration",
        by="inoue",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="他社から移るとき、仕事は止まりませんか？",
        on="2025-03-10",
        changed="2026-08-03",
        tags=("移行", "導入"),
        body="""\
止めません。2週間、両方を動かします。

1. 最初の週は、いまの仕組みが本物、当社が控え。
2. 次の週は、当社が本物、いまの仕組みが控え。
3. 二つの出力が5日続けて同じなら、切り替えます。違った日があれば、1日目からやり直します。

過去の分は、**探す頻度**で分けます。1年以内はすべて移し、それより前は写しだけを移すのが目安です。全部を移す見積もりで負けたことがあります（[朝靄ロジスティクス](deal:朝靄ロジスティクス 受領書の返送)）。
""",
    ),
    DemoPage(
        slug="faq-api",
        by="takahashi",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="基幹システムとはどうつなぎますか？",
        on="2025-02-10",
        changed="2026-04-27",
        tags=("連携",),
        body="""\
三つの方法があります。上から順に検討してください。

1. **ファイルを置く。** 基幹が出したCSVを決まった場所に置くと、5分おきに取り込みます。基幹の改修は要りません。
2. **呼び出す。** 基幹から当社の口を呼びます。1分に120回までです。
3. **夜にまとめる。** 翌朝まで待てる仕事だけに使います。日中の数字が要る会社に提案しないでください。

```http
POST /v2/documents HTTP/1.1
Authorization: Bearer …
Content-Type: application/json

{"layout": "inspection-certificate", "lot": "C24-1187", "values": {"od": 12.003, "id": 7.998}}
```

既存の基幹に触る費用がかかる場合は、試用の前に先方のベンダーに聞いてもらいます。[青嶺中央病院](deal:青嶺中央病院 診断書の発行)は、試用のあとに200万円と分かって終わりました。
""",
    ),
    DemoPage(
        slug="faq-data-return",
        by="duarte",
        collection="よくある質問",
        kind="faq",
        language="en",
        title="Do we get our data back when we leave?",
        on="2026-04-06",
        tags=("解約", "セキュリティ"),
        body="""\
Yes, all of it, within ten working days, at no charge.

- Layouts come back as spreadsheets, documents as PDF with a list in CSV.
- The audit log comes as JSON, one line an event.
- Thirty days later we erase everything and send a certificate.

Tell the customer this **before** they ask. On the page for the [approval round](article:ringi-one-page) it is the fifth point, "if it does not work out", and it is the one opponents read.
""",
    ),
    DemoPage(
        slug="faq-smartphone",
        by="mori",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="電話の画面だけで承認できますか？",
        on="2025-07-14",
        changed="2026-04-15",
        note="4月の作り直しに合わせた",
        tags=("承認", "稟議"),
        body="""\
はい。2026年4月に承認の画面を作り直しました。

- 片手で、1件につき2回押すだけで終わります。
- 通信が切れても、つながったときに続きからできます。
- 添付の図面は、承認する前に一度は開く設定にできます。

できないのは、経路を変えることと、代理の設定です。これは大きな画面で行います。
""",
    ),
    DemoPage(
        slug="faq-english-screens",
        by="duarte",
        collection="よくある質問",
        kind="faq",
        language="en",
        title="Can our overseas plant use English screens?",
        on="2025-08-18",
        changed="2026-09-14",
        tags=("海外", "帳票"),
        body="""\
Yes. Every screen is in Japanese and English, and each person chooses.

| | Japanese | English | Others |
| --- | --- | --- | --- |
| Screens | yes | yes | no |
| Printed layouts | any language you write them in | same | same |
| Support | day and night | weekdays 8:00–19:00 Japan time, in writing at night | no |

Thai and Vietnamese come up about once a month. We say no, and write the request into the deal, so that the number is known when it is decided.
""",
    ),
    DemoPage(
        slug="faq-data-location",
        by="takahashi",
        collection="よくある質問",
        kind="faq",
        language="en",
        title="Where is our data kept?",
        on="2025-05-12",
        changed="2026-06-08",
        tags=("セキュリティ", "海外"),
        body="""\
At two sites in Japan, about 400 km apart. It leaves the country only when the customer downloads it.

People of ours may look at it for support after the customer opened the door for them; the door closes by itself after eight hours, and both events are in the audit log. The whole list is in the [security overview](article:security-sheet-en).
""",
    ),
    DemoPage(
        slug="faq-price-reason",
        by="sato",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="「ノヴァより高いのはなぜですか」と聞かれたら",
        on="2026-02-16",
        changed="2026-10-19",
        tags=("価格", "競合", "反論"),
        body="""\
「80円高いです。その80円で、31日目から90日目までの担当と、夜の電話が付きます」と答えます。言い訳に聞こえるのは、理由を3つより多く並べたときです。

それでも金額の話が続くなら、金額が理由ではないことを疑います。「もし同じ値段だったら、どちらになさいますか」と聞いてください。

- 「おたく」と言われたら：[値引きの決まり](article:discount-rules)の手順に進む。
- 黙られたら：ほかに理由があります。導入、夜、現場の誰か。値引きをしても変わりません。
""",
    ),
    DemoPage(
        slug="faq-quote-consent",
        by="kobayashi",
        collection="よくある質問",
        kind="faq",
        language="ja",
        title="お客様の言葉を資料に使ってよいのはどんなとき？",
        on="2025-09-01",
        tags=("聞き取り", "同意"),
        departments=(MARKETING, SALES_1, SALES_2),
        body="""\
同意の欄を見てください。迷ったら社内だけです。

| 同意 | 社内の頁 | 名前を伏せた資料 | 名前を出す資料 |
| --- | --- | --- | --- |
| 社内だけ | ○ | × | × |
| 名前を出さずに | ○ | ○ | × |
| 名前を出して | ○ | ○ | ○（出す前に文面を見せる） |

名前を伏せても、業種と役職と地域がそろうと誰か分かります。三つのうち一つは必ず落としてください。
""",
    ),
)
