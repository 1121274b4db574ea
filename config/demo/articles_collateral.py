"""What the sample company shows and gives to its customers, and how it is used."""

# ruff: noqa: E501 - sentences stand on one line each, as they are shown

from __future__ import annotations

from config.demo.rows import DemoPage

COLLATERAL: tuple[DemoPage, ...] = (
    DemoPage(
        slug="support-proposal",
        by="sato",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="支援体制で負けないための提案書",
        on="2026-05-11",
        changed="2026-11-10",
        note="夜間当番の実績を10月までに差し替えた",
        tags=("支援", "製造業", "提案書"),
        changed_by="mori",
        earlier=(
            ("| 21:31 | 折り返し。様式の更新が原因と伝える | 当番の森 |\n", ""),
            (
                "復旧まで42分。短さを自慢する表ではありません。**夜に電話が通じる**ことを見せる表です。",
                "復旧まで42分。",
            ),
        ),
        body="""\
導入後の支援が理由の失注は、提案の3回目ではなく**初回**で決まります。稟議を書く担当者は、障害のときに誰が来るのかを、自分の言葉で説明できなければなりません。

## 3枚で伝える

1枚目はSLAの表ではなく、昨年の実例を置きます。2枚目に体制図、3枚目にTCOの比較を。

順番には理由があります。情報システム部は1枚目で読むのを決め、決裁者は2枚目の名前だけを見ます。どの一枚から読まれても同じ結論になるように書いてください。

1. 昨年の障害を一つ選び、発生から復旧までを時刻で書く。
2. 体制図に、お客様側の窓口も名前で入れる。
3. 3年の合計を、導入後90日の支援費を含めて並べる。

### 1枚目の例

| 時刻 | 何があったか | 誰が |
| --- | --- | --- |
| 4月18日 21:14 | 検査成績書が出せないと電話 | お客様の検査課 |
| 21:31 | 折り返し。様式の更新が原因と伝える | 当番の森 |
| 21:56 | 前の版に戻し、出荷の分が出た | 森とお客様 |
| 翌 9:05 | 原因と再発を防ぐ手順を書面で渡す | 導入担当の井上 |

復旧まで42分。短さを自慢する表ではありません。**夜に電話が通じる**ことを見せる表です。

### 数字の並べ方

| 3年の合計（万円） | 当社 | ノヴァ |
| --- | ---: | ---: |
| 利用料 | 1,080 | 936 |
| 導入と移行 | 180 | 240 |
| 31日目から90日目の支援 | 0 | 150 |
| **合計** | **1,260** | **1,326** |

> [!注意]
> ノヴァの料金は8月の聞き取りによります。[競合対策カード](article:nova-battlecard)で日付を確かめてから使ってください。

## 反論と答え

> 障害のとき、誰が来てくれるのかが最後まで見えなかった。

- 「支援は別料金ですか」には、90日間は含むと答える。
- 「夜間は」には、体制図の右端を指す。
    - オンプレ版は `status` 画面の見せ方を先に練習する。

```console
$ hibari status --site shiomachi
稼働 214日  最後の障害 2026-04-18（復旧 42分）
```

### 送る前に

- [x] 体制図の名前と電話番号を今月のものにした
- [x] 3年の合計を先方の人数で計算した
- [ ] 導入担当が2回目に同席できる日を押さえた
""",
    ),
    DemoPage(
        slug="three-year-total",
        by="kobayashi",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="3年の合計を一枚で見せる表",
        on="2025-08-25",
        changed="2026-09-02",
        note="ノヴァの31日目からの料金を入れた",
        tags=("価格", "提案書", "競合"),
        body="""\
見積もりの一枚目には、初年度の金額しか書かれていません。お客様がそれだけを比べるのは当然です。3年を一枚で見せます。

## 作り方

1. 先方の人数を聞く。「使う人」と「承認だけする人」を分ける。
2. 下の式に入れる。
3. 相手の欄は、**先方に言ってもらった数字だけ**を書く。推測は空欄にする。

```text
利用料   = (30,000 + 600 × 人数) × 36か月
導入     = 初期費用 + 様式の数 × 2万円 + 移行
支援     = 0（最初の90日は含む）
```

## 450人の例

| 3年の合計（万円） | 当社 | ノヴァ | メモ |
| --- | ---: | ---: | --- |
| 利用料 | 1,080 | 936 | 1人600円と520円 |
| 導入と移行 | 180 | 240 | 様式24種。先方は20種を超えた4種が別見積もり |
| 31日目から90日目の支援 | 0 | 150 | 専任を2か月続けた場合 |
| **合計** | **1,260** | **1,326** | |

## 22人の例

| 3年の合計（万円） | 当社 | マメノキ |
| --- | ---: | ---: |
| 利用料 | 156 | 194 |
| 導入と移行 | 20 | 0 |
| **合計** | **176** | **194** |

> [!ヒント]
> 差が小さいときは、合計ではなく「何が入っているか」の列を指で追ってください。合計が1割違うだけなら、稟議では理由になりません。

## 使ってはいけないとき

支援を頼まないと決めている会社に、支援費を足した表を見せると、都合のよい計算に見えます。[値引きの決まり](article:discount-rules)も先に読んでください。

聞き取りでは、価格を第一の理由に挙げたお客様は、営業がそう考えた商談よりずっと少ないことが分かっています。この表は価格で勝つためではなく、**価格の話を早く終える**ための表です。
""",
    ),
    DemoPage(
        slug="tco-one-slide",
        by="sato",
        collection="営業資料",
        kind="collateral",
        language="en",
        title="Explaining total cost of ownership in one slide",
        on="2025-09-08",
        tags=("価格", "提案書"),
        body="""\
Buyers compare the price of the first year because it is the only number on the quote. Show three years instead, on one slide.

## What goes on the slide

1. Licences, for the number of people they really have.
2. Migration and training, with the days it takes.
3. Support for the first 90 days. Ours is included; ask what theirs costs.

| Three years, 450 people (10,000 yen) | Hibari | Nova |
| --- | ---: | ---: |
| Licences | 1,080 | 936 |
| Set-up and migration | 180 | 240 |
| Support, day 31 to 90 | 0 | 150 |
| **Total** | **1,260** | **1,326** |

## What to say

"Most of the lost deals we looked at were not lost on price. They were lost because nobody could say who answers the phone at night."

Write into their column only what they told you. A guess that turns out wrong costs more than an empty cell.

Leave the slide with the champion: it is the page that gets pasted into the internal approval round.
""",
    ),
    DemoPage(
        slug="first-90-days",
        by="inoue",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="最初の90日：お客様に渡す一枚",
        on="2026-02-20",
        changed="2026-08-17",
        note="工場の休みを書く欄を足した",
        tags=("最初の90日", "導入", "支援"),
        body="""\
契約の前に、この紙をお渡しします。**導入担当の名前と、会う日を先に書いてから**渡してください。空欄のまま渡すと、ただの宣伝になります。

## 90日でどこまで進むか

| 週 | お客様 | ひばりソフト | 終わったと言えるとき |
| --- | --- | --- | --- |
| 契約の前 | いちばん使う様式を一枚預ける | 翌日に動く形で見せる | 使う人が自分で一度出した |
| 1〜2週 | 使う人の名簿 | 最初の3枚を一緒に作る | 3枚が本番で出た |
| 3〜4週 | 困ったことを書きためる | 現場に2回行く | 質問が1日3件より少ない |
| 5〜8週 | 残りの様式を選ぶ | 毎週30分の定例 | 様式の8割が移った |
| 9〜12週 | 教える人を2人決める | 教える人に教える | 当社がいなくても1週間回った |
| 13週 | 使っている人数を数える | 記録をまとめて渡す | 使うはずの人の8割が毎日使う |

## 約束すること

- 導入担当は途中で替わりません。病気のときに代わる人の名前も書いておきます。
- 平日8時から19時は導入担当、夜間と休日は[当番](article:faq-night)が30分以内に折り返します。
- 遅れたときは、遅れた理由と新しい日を、その週のうちに紙で出します。

> [!重要]
> 追加の料金はかかりません。標準プランに含まれます。現場に伺う交通費も含みます。

## お客様に決めていただくこと

- [ ] 使う人の名簿
- [ ] 工場や店の休み、月末の締め、繁忙の月
- [ ] 毎週の30分をどの曜日に置くか
- [ ] 教える人を2人（兼任でかまいません）

## よく聞かれること

90日で終わらなかったら
:   終わるまで続けます。これまでの26社のうち、延びたのは5社、いちばん長いもので3週間です。

90日のあとは
:   支援の窓口に引き継ぎます。引き継ぐ人は12週目の定例に出ます。
""",
    ),
    DemoPage(
        slug="first-90-days-en",
        by="duarte",
        collection="営業資料",
        kind="collateral",
        language="en",
        title="The first 90 days: a page for the customer",
        on="2026-03-10",
        tags=("最初の90日", "導入"),
        body="""\
Hand this page over **before** the contract, with a name and the first dates filled in.

| Weeks | You | We | Done when |
| --- | --- | --- | --- |
| before signing | lend us the layout you use most | show it working the next day | somebody of yours printed it alone |
| 1–2 | a list of the people who will use it | build the first three layouts with you | all three were used for real |
| 3–4 | write down what is in the way | come to the plant twice | fewer than three questions a day |
| 5–8 | choose the remaining layouts | 30 minutes every week | four of five layouts have moved |
| 9–12 | name two people who will teach | teach the teachers | a week went by without us |
| 13 | count who uses it | give you the record | four of five people use it daily |

- Your contact does not change. If they are ill, the page names who steps in.
- No extra charge. Travel to the plant is included within Japan; for plants abroad we meet on screen, in English, in your morning.
- When we are late, you get the reason and the new date in writing within the week.

> [!NOTE]
> Fill in the holidays of the plant first. Half of the delays in 2026 were days on which nobody was there.
""",
    ),
    DemoPage(
        slug="forms-overview",
        by="sato",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="ヒバリ 帳票のご紹介：検査成績書から請求書まで",
        on="2024-06-24",
        changed="2026-04-06",
        note="10人からの料金に直した",
        tags=("帳票", "提案書"),
        body="""\
いまお使いの表計算の様式を、**作り直さずに**読み込みます。出す、届ける、残す、探すを一つにします。

## できること

- **出す**：基幹の数字や測定機の値を様式に入れる。和英を並べた書類も同じ元から。
- **届ける**：電子メール、取引先の受け取りページ、紙。相手ごとに選べます。
- **残す**：[電子帳簿保存法](article:faq-ebunho)の求める形で10年。
- **探す**：取引先、品番、ロット、日付、金額から。

## 向いている会社、向いていない会社

| 向いている | 向いていない |
| --- | --- |
| 様式が10種より多い | 様式が2種で、変わらない |
| 得意先ごとに並びが違う | 一人だけが月に数枚出す |
| 監査で「すぐ出してください」と言われる | 紙の原本に押印が要る書類だけ |

右の列に近い会社には、無理にお勧めしません。

## 数字の例

[千早野ばね工業](article:story-chihayano)では、現品票の貼り間違いが月に19件から1件になりました。[帆影物流](article:story-hokage)では、84社への請求書が3日から半日になりました。
""",
    ),
    DemoPage(
        slug="stock-overview",
        by="duarte",
        collection="営業資料",
        kind="collateral",
        language="en",
        title="Hibari Stock at a glance",
        on="2025-12-08",
        changed="2026-07-06",
        note="Four more scanners",
        tags=("在庫", "提案書"),
        body="""\
For plants and warehouses that lose time looking for things. Tags are read with a scanner or a telephone; every movement keeps its place and its lot.

## Three things it does well

1. **Where is it?** From a part number to the shelf in under a minute.
2. **What went into it?** From a finished product back to its raw material in three minutes. There is a [script for showing it](article:lot-trace) (Japanese).
3. **How much is left?** Across sites, within a minute, not overnight.

## What to check before you propose it

- The temperature in which the scanner is used. Eight models are supported, one of them down to −30 °C.
- Whether the customer's own customer has a tag already. Putting ours on top of theirs is not an option.
- Weight or pieces? If the floor counts by weight and the office by pieces, say early that we keep only one of the two today.

> [!TIP]
> Spend a day at the stocktaking before you write the proposal, and time the searches. The number carries the name of whoever measured it.
""",
    ),
    DemoPage(
        slug="check-overview",
        by="yamaguchi",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="ヒバリ 点検のご紹介",
        on="2025-12-01",
        changed="2026-10-15",
        note="青嶺電機の写真と、実績の数を足した",
        tags=("点検", "製造業"),
        body="""\
設備の始業点検を、手袋のまま押せる大きさの画面で行います。紙の点検表の並びを変えずに移せます。

## 正直に先に言うこと

発売は2025年12月です。稼働しているのは5社、決まらなかった商談も4件あります。製鋼と鋳造での稼働はまだありません。実績を聞かれたら、そのまま答えてください。**実績の代わりになるのは、こちらが現場に立つ日数です。**

## できること

| 項目 | できる | できない |
| --- | --- | --- |
| 手袋のまま押す | 軍手、薄手の耐油手袋 | 耐熱の厚手（1項目に9秒かかる） |
| 写真を残す | 1項目に3枚まで | 動画 |
| 電波のない場所 | 12時間ためて後で送る | 2人で同じ表を同時に使う |
| 異常のとき | 保全の係に知らせる | 設備を止める信号を出す |

## 始め方

一つのライン、一つの表から始めます。[青嶺電機](article:story-aomine)は28人の組立ラインだけで始め、朝礼に10日立ち会い、点検表を4回直しました。
""",
    ),
    DemoPage(
        slug="security-sheet",
        by="takahashi",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="セキュリティ説明書（情報システム部門向け）",
        on="2024-10-07",
        changed="2026-09-28",
        note="バックアップの復元試験の日付を更新",
        tags=("セキュリティ", "金融", "提案書"),
        body="""\
情報システム部門から聞かれることを、聞かれる順に並べました。答えには根拠の文書の名前を付けています。「別途相談」とは書きません。分からないことは、いつまでに調べるかを書きます。

## 認証

- SSOは標準プランに含まれます。OpenID Connect と SAML 2.0 に対応します。
- 利用者の追加と削除は SCIM で自動にできます。退職の日に入れなくなります。
- パスワードで入る場合は、多要素認証を管理者が必須にできます。

## データ

| 聞かれること | 答え | 根拠 |
| --- | --- | --- |
| どこに置くか | 国内の2か所。国外には出ません | 運用規程 第4章 |
| 暗号化 | 通信はTLS 1.3、保存はAES-256 | 設計書 7.2 |
| バックアップ | 毎時。35日分を残す | 運用規程 第6章 |
| 復元の試験 | 四半期に一度。最近は2026年9月12日、2時間10分 | 試験記録 26-3 |
| 解約後 | 30日以内に消去し、証明書を出す | 約款 第18条 |

## 記録

監査ログは7年残ります。書き換えも削除もできません。見るには次のように絞り込めます。

```json
{
  "at": "2026-09-14T09:12:44+09:00",
  "who": "k.mizuno",
  "what": "approval.granted",
  "target": "ringi/20418",
  "from": "203.0.113.24"
}
```

## オンプレ版

お客様の建物の中で動かす場合の[最小構成](article:faq-onprem)は別の頁にあります。更新は年4回、緊急のものは48時間以内にお渡しします。

## 確認票への答え方

> [!ヒント]
> 先方の確認票が届く前に、この頁の項目で埋めたものを渡します。[みずしの銀行](deal:みずしの銀行 住所変更の事務)では182項目のうち171項目が、最初の版で埋まっていました。

- [x] 答えに文書名を付けた
- [x] 「準拠」「相当」のような、言い切らない言葉を消した
- [ ] 分からない項目に、調べ終わる日を書いた
""",
    ),
    DemoPage(
        slug="security-sheet-en",
        by="takahashi",
        collection="営業資料",
        kind="collateral",
        language="en",
        title="Security overview for IT departments",
        on="2025-05-26",
        changed="2026-09-29",
        tags=("セキュリティ",),
        body="""\
In the order in which it is asked.

| Question | Answer | Where it is written |
| --- | --- | --- |
| Where is the data? | Two sites in Japan, nowhere else | Operations manual, chapter 4 |
| Encryption | TLS 1.3 in transit, AES-256 at rest | Design 7.2 |
| Sign-in | OpenID Connect and SAML 2.0, in the standard plan; SCIM for joiners and leavers | Design 3.1 |
| Backups | Hourly, kept for 35 days, restored as a test every quarter | Test record 26-3 |
| Audit log | Seven years, cannot be changed or deleted | Design 9.4 |
| After the contract | Erased within 30 days, with a certificate | Terms, article 18 |

We do not write "to be discussed". Where we do not know, the answer is the date on which we will.

For machines of your own, the smallest configuration is one server with 4 cores, 16 GB of memory and 200 GB of disk.
""",
    ),
    DemoPage(
        slug="ringi-one-page",
        by="watanabe",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="稟議書に貼れる一枚",
        on="2025-03-03",
        changed="2026-10-01",
        note="読み手ごとに表紙を分ける例を足した",
        tags=("稟議", "提案書"),
        earlier=(
            (
                "> [!注意]\n> 締め切りに遅れた紙は、どれほどよくても読まれません。[千早野会](deal:医療法人千早野会 法人本部の決裁)の理事会には4日遅れ、半年を失いました。\n",
                "",
            ),
            (
                "法務、品質、購買のように関心が違うなら、同じ中身に**表紙を三枚**作ります。[白楡化成](deal:白楡化成 原料変更の申請)はこれで、稟議が19日で回りました。誰が読むかの調べ方は[稟議の読み手を数える](article:ringi-route)へ。",
                "一枚に収まらないときは、いちばん反対しそうな人のための一枚にします。",
            ),
        ),
        body="""\
決裁者に会えなくても、書類は決裁者に会います。先方の稟議書にそのまま貼れる一枚を、こちらで作ってお渡しします。

## 一枚に入れる五つ

1. **何に困っているか。** 先方の言葉で一文。誰の言葉かも書く。
2. **どれだけか。** 測った数字を一つ。測った人と日付を書く。
3. **何をするか。** 製品の名前ではなく、仕事がどう変わるか。
4. **いくらか。** 3年の合計。比べた相手がいるなら同じ行で。
5. **うまくいかなかったら。** やめるときの手順と、戻せる日。

5番目を書く会社はほとんどありません。ここがあると、反対する人の仕事がなくなります。

## 書き方の例

> 検査成績書を探すのに、月に18時間かかっています（検査課 係長、2月12日に計測）。探さずに出せるようにします。費用は3年で516万円。90日たっても8割の人が使っていなければ、契約をやめて元の様式に戻せます。

## 読み手が三人いるとき

法務、品質、購買のように関心が違うなら、同じ中身に**表紙を三枚**作ります。[白楡化成](deal:白楡化成 原料変更の申請)はこれで、稟議が19日で回りました。誰が読むかの調べ方は[稟議の読み手を数える](article:ringi-route)へ。

> [!注意]
> 締め切りに遅れた紙は、どれほどよくても読まれません。[千早野会](deal:医療法人千早野会 法人本部の決裁)の理事会には4日遅れ、半年を失いました。
""",
    ),
    DemoPage(
        slug="price-list-2025",
        by="yamaguchi",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="料金表（2025年10月から）",
        on="2025-10-01",
        changed="2025-12-01",
        note="ヒバリ 点検を足した",
        tags=("価格", "料金改定"),
        body="""\
税抜き。標準プランには、SSO、監査ログ、[最初の90日](article:first-90-days)が含まれます（90日は2026年2月の契約から）。

| 製品 | 基本料金（月） | 1人あたり（月） | 最小人数 |
| --- | ---: | ---: | ---: |
| ヒバリ 帳票 | 30,000円 | 600円 | 10人 |
| ヒバリ 稟議 | なし | 500円 | 10人 |
| ヒバリ 在庫 | 20,000円 | 1,200円 | 10人 |
| ヒバリ 点検 | なし | 800円 | 10人 |

| 一度だけの費用 | 10人から | 30人から |
| --- | ---: | ---: |
| 初期費用 | 12万円 | 30万円 |
| 様式の移行（1種） | 2万円 | 2万円 |
| 読み取りの端末（1台） | 6万円 | 6万円 |

## 2025年9月までとの違い

最小人数が30人から10人になりました。1人あたりの料金は変わっていません。経緯は[お知らせ](article:news-price-2025)に。

> [!注意]
> 上限を超える値引きと、料金表にない条件は、[値引きの決まり](article:discount-rules)に従ってください。
""",
    ),
    DemoPage(
        slug="small-start",
        by="lee",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="10人から始める：小さな会社のための提案書",
        on="2025-10-06",
        changed="2026-05-25",
        note="胡桃野製パンの話を足した",
        tags=("小規模", "料金改定", "提案書"),
        body="""\
99人までの会社には、この提案書だけを使います。全部で4枚、読むのに5分です。

## 4枚の中身

1. 使う人の名前を書く欄が10行。ここに名前が入らないなら、まだ早いです。
2. いまの様式が動いている写真。当日に撮ります。
3. 料金は一行。「10人で月36,000円、始めるときに12万円」。
4. やめ方。一か月前に言えばやめられ、様式は表計算で返ってくる。

## 断られた会社に、もう一度

2025年9月までに「30人分は払えない」と断られた会社には、料金が変わったその日に電話しました。[月見沢クリニック](deal:月見沢クリニック 物品の購入)も[胡桃野製パン](deal:胡桃野製パン 店別の納品書)も、この電話から始まっています。

- 断られた理由を、先方が言ったとおりに読み上げる
- その理由がなくなったことだけを伝える
- 会う約束は、その電話では頼まない

## 数字

小規模の受注率は、料金を変える前の44件で25％（95％区間 15〜39％）、変えたあとの48件で58％（44〜71％）です。偶然とは言いにくい差ですが、同じころに[小さな会社の電話に昼休みに出る](article:news-winloss-2025)ことも始めたので、料金だけの手柄とは言えません。
""",
    ),
    DemoPage(
        slug="lot-trace",
        by="tanaka",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="ロットの逆引きを3分で見せる台本",
        on="2025-06-30",
        changed="2026-09-30",
        note="千早野ばね工業の言い方に直した",
        tags=("在庫", "食品", "製造業"),
        body="""\
得意先の監査で「このロットの原料は何か」と聞かれる会社に見せる台本です。時計を机に置いてから始めます。

| 時間 | 画面 | 言うこと |
| --- | --- | --- |
| 0:00 | 製品の札を読む | 「いま、得意先から電話が来たとします」 |
| 0:20 | 製造の日と機械 | 「この日、この機械で作りました」 |
| 0:50 | 使った原料のロット | 「原料は3つ。うち1つが2つの仕入れにまたがっています」 |
| 1:30 | 同じ原料を使ったほかの製品 | 「止めるべき製品は7箱。いまここにあります」 |
| 2:20 | 出荷先の一覧 | 「2箱が出荷ずみ。連絡先はこの2件です」 |
| 3:00 | 時計を見る | 何も言わない |

> [!重要]
> 最後の10秒は黙ってください。先方が、いまのやり方で何時間かかるかを自分で言います。

## 先に用意するもの

- [ ] 先方の製品に似た札（名前を借りてよいか聞く）
- [ ] またがる仕入れが1つあるデータ。きれいすぎるデータは信じてもらえません
- [ ] 電波の強い席

大手の食品で、この台本は一番だと言われながら負けています（[朝露乳業](deal:朝露乳業 賞味期限とロット)）。速さのあとに必ず「夜に止まったら」を話してください。
""",
    ),
    DemoPage(
        slug="finance-deck",
        by="nakamura",
        collection="営業資料",
        kind="collateral",
        language="ja",
        title="地域金融機関向け：融資の稟議と営業店の帳票",
        on="2025-01-27",
        changed="2026-09-17",
        note="みずしの銀行の範囲の切り方を足した",
        tags=("金融", "稟議", "提案書"),
        body="""\
銀行、信用金庫、信用組合に使う提案書です。本部向けと営業店向けの二部に分かれています。**営業店の部から見せてください。** 本部が決めても、営業店が使わなければ定着しません。

## 営業店の部

- 窓口が閉まってからの20分で、何件承認できるか
- 立ったまま押せる判子より速いか。遅いなら、どこが遅いかを先に言う
- 店長会の日程。ここで反対が出ると本部は動けません（[みなも信用組合](deal:みなも信用組合 融資の稟議)）

## 本部の部

| 読む人 | 関心 | 用意する紙 |
| --- | --- | --- |
| 審査部 | 遅いのは自分たちではない、と示したい | 日付印から数えた待ち時間の表 |
| 事務部 | 期限と様式の変更 | 逆算表 |
| システム部 | 基幹に触るか | 範囲の図、[セキュリティ説明書](article:security-sheet) |
| 総務部・法務 | 規程、条文 | 規程の改正案のたたき台、契約書の案 |

## 範囲の切り方

勘定系に**書き込まない**と最初のページに書きます。読むだけ、確認票と証跡だけ、と範囲を囲むと、基幹の更新を待たずに始められます。

## 待ち時間の数え方

[うみほたる信用組合](article:story-umihotaru)の数え方を、そのままお渡しします。直近の30件の書類から日付印を写し、審査していた日と、机で待っていた日を分けるだけです。半日で終わります。
""",
    ),
)
