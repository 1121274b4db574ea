"""How the sample company goes from a first visit to a contract, and on to support."""

# ruff: noqa: E501 - sentences stand on one line each, as they are shown

from __future__ import annotations

from config.demo.rows import DemoPage
from config.demo.shelves import SALES_2

PLAYBOOKS: tuple[DemoPage, ...] = (
    DemoPage(
        slug="first-visit",
        by="lee",
        collection="受注までの進め方",
        kind="playbook",
        language="ja",
        title="初回訪問で聞く七つのこと",
        on="2024-09-09",
        changed="2026-05-12",
        note="様式を預かることを足した",
        tags=("初回訪問", "営業"),
        body="""\
初回訪問は説明の場ではなく、先方の言葉を集める場です。次の七つを聞けば、提案書の半分は書けます。

1. **いま困っていることを、いちばん最近の例で。**「先週は何がありましたか」と聞くと、困りごとに日付が付きます。
2. **それにかかっている時間と人数。** 推測でよいかを確かめ、推測なら推測と書く。
3. **決裁者は誰か。稟議は何人が読むか。** 数え方は[稟議の読み手を数える](article:ringi-route)に。
4. **既存ベンダーの契約が切れる月。** 聞きにくければ「いまの会社とは何年ですか」から。
5. **比べている会社。** 名前が出なければ無理に聞かない。空欄ではなく「聞けなかった」と書く。
6. **導入後に触る人。** 推進者はその中にいるか。現場にいるなら、現場で会う日を決める。
7. **次に会う日。** その場で決め、導入担当を連れて行くと伝える。

> [!NOTE]
> 聞いたことは、その日のうちに商談の欄へ。翌日になると、先方の言葉がこちらの言葉に変わります。

## 帰る前に

- [ ] いちばん使う様式を一枚預かった
- [ ] 読み取る機械、計量器、測定機の型番を写真に撮った
- [ ] 繁忙の月と、会社の行事（監査、引き渡し、総代会、棚卸）を手帳に書いた

型番を撮り忘れて失った商談が2件あります。[原料肉の計量器](deal:霜降野ハム 原料肉の入出庫)と、[冷凍倉庫の端末](deal:朝靄ロジスティクス 冷凍倉庫の棚卸)です。

## 聞かないこと

予算の額。最初に聞くと、聞いた額に合わせた提案書になります。先に困りごとの大きさを一緒に数えます。
""",
    ),
    DemoPage(
        slug="second-meeting",
        by="inoue",
        collection="受注までの進め方",
        kind="playbook",
        language="ja",
        title="2回目の面談に導入担当を連れていく",
        on="2026-01-26",
        changed="2026-10-08",
        note="飛ばした商談の結果を足した",
        tags=("最初の90日", "導入", "競合"),
        changed_by="yamaguchi",
        earlier=(
            (
                "2025年度、ノヴァと並んだ商談は34件、うち受注は6件でした。",
                "ノヴァと並んだ商談は、これまでに28件、うち受注は4件です。",
            ),
            (
                "飛ばさず、面談のほうを動かします。井上の日程を理由に飛ばした[楔土木](deal:楔土木 購買の申請)は、昔と同じ負け方をしました。導入担当は5人います。名簿の上から順に聞いてください。",
                "電話でつなぎ、次の面談に必ず同席します。",
            ),
            (
                "ノヴァとの対戦は、始める前の28件で受注4件、始めてからの32件で20件です。増えた理由がこれだけとは言えませんが、聞き取りで「導入」を強みに挙げたお客様は、受注のほうにはっきり多く出ています。",
                "上期の終わりに数えます。",
            ),
        ),
        body="""\
2026年2月から、中堅と大手の商談では、2回目の面談に導入担当が必ず同席します。小規模は電話での同席でかまいません。

## なぜ

2025年度、ノヴァと並んだ商談は34件、うち受注は6件でした。営業は価格と報告していましたが、お客様に聞くと、いちばん多い理由は「誰が来てくれるのか見えなかった」でした。そのころ一度だけ、支援の森が面談に来た[千早野ばね工業](deal:千早野ばね工業 現品票)は取れています。

## 段取り

| いつ | 営業 | 導入担当 |
| --- | --- | --- |
| 初回の翌日 | 聞いたことを商談の欄に書き、日程を3つ出す | 日程を1つ選び、欄を読む |
| 3日前 | 当日の30分の順番を送る | 預かった様式を一枚、動く形にする |
| 当日 | 最初の5分だけ話し、あとは黙る | 現場の人に質問し、[最初の90日](article:first-90-days)の表に日付を書く |
| 翌日 | 先方に礼状と、日付の入った表を送る | 気になったことを営業に3行で |

## 当日の30分

1. 営業から、前回うかがったことの読み上げ（5分）
2. 動く一枚を、先方の人の手で触ってもらう（10分）
3. 90日の表に、先方と一緒に日付を書き込む（10分）
4. 決まっていないことと、決める人の確認（5分）

> [!注意]
> 導入担当は売り込みません。「できますか」と聞かれて難しいときは、難しいと答えてください。断った一つが、残りの九つを信じてもらう理由になります。

## 日程が合わないとき

飛ばさず、面談のほうを動かします。井上の日程を理由に飛ばした[楔土木](deal:楔土木 購買の申請)は、昔と同じ負け方をしました。導入担当は5人います。名簿の上から順に聞いてください。

## 効いたかどうか

ノヴァとの対戦は、始める前の28件で受注4件、始めてからの32件で20件です。増えた理由がこれだけとは言えませんが、聞き取りで「導入」を強みに挙げたお客様は、受注のほうにはっきり多く出ています。
""",
    ),
    DemoPage(
        slug="ringi-route",
        by="watanabe",
        collection="受注までの進め方",
        kind="playbook",
        language="ja",
        title="稟議の読み手を数える",
        on="2025-05-19",
        changed="2026-06-01",
        note="組合の委員が読む場合を足した",
        tags=("稟議", "営業"),
        body="""\
稟議は、一枚の紙ではなく、順番のある旅です。誰が何番目に読み、何を心配するかを先に知っておきます。

## 聞き方

「稟議は何人ですか」と聞くと「3人くらい」で終わります。次の順で聞いてください。

1. 「最近通った稟議を一つ思い出してください。最初に誰のところへ行きましたか」
2. 「戻ってきたことはありますか。誰が、何と書きましたか」
3. 「その人に、先に会っておくことはできますか」

## 書き留める表

| 番 | 読む人 | 心配すること | 渡す紙 | 会えたか |
| ---: | --- | --- | --- | --- |
| 1 | 起案する課長 | 自分の仕事が増えないか | 90日の表 | はい |
| 2 | 情報システム | 止まったとき、触られるところ | セキュリティ説明書 | はい |
| 3 | 経理 | 3年の合計、解約の条件 | 3年の合計の表 | いいえ |
| 4 | 決裁者 | 前例、名前 | 稟議書に貼れる一枚 | いいえ |

## 見落としやすい人

労働組合の委員
:   安全衛生の道具では、選ぶ側にいることがあります（[風早坂工業](deal:風早坂工業 安全衛生の申請)）。

委員会
:   病院の医療機器は、医師の委員会の議事録が稟議に付きます（[霧ヶ沢総合病院](deal:霧ヶ沢総合病院 医療機器の購入)）。

合議の全員
:   6人の合議は、6人の日程が合わないと動きません。人数を減らせる形に小さくします（[青嶺電機](deal:青嶺電機 検査成績書の電子化)）。

紙の作り方は[稟議書に貼れる一枚](article:ringi-one-page)にあります。
""",
    ),
    DemoPage(
        slug="trial-week",
        by="tanaka",
        collection="受注までの進め方",
        kind="playbook",
        language="ja",
        title="試用は最初の1週間で決まる",
        on="2025-04-07",
        changed="2026-08-24",
        note="雨の日の試験の話を足した",
        tags=("試用", "営業"),
        body="""\
試用は2週間ですが、触ってもらえるかどうかは最初の3日で決まります。

## 始める前に決めること

- **合格の線を一つ。**「型番から置き場所まで5分以内」のように、はいかいいえで答えられるもの。[柊木金型](deal:柊木金型 客先預かり型)は監査の5分をそのまま線にしました。
- **最初の一枚。** こちらから簡単なものを指定します。選んでもらうと、いちばん難しいものが出てきます。
- **仕事の持ち主。** 誰の仕事かが決まっていない試用は終わりません（[型の履歴書](deal:柊木金型 型の履歴書)）。
- **天気や曜日に左右される試験は1週目に。** 雨の日を3週間待って負けたことがあります。

## 日ごとの予定

| 日 | すること | 動きがなければ |
| --- | --- | --- |
| 1日目 | 使う人の前で、最初の一枚を一緒に出す | その場で日を変える |
| 2日目 | 電話。「きのう、どこで手が止まりましたか」 | もう一度、最初の画面を一緒に開く |
| 3日目 | 使った人の数を数えて推進者に知らせる | 推進者に、使っていない人の名前を聞く |
| 5日目 | 合格の線を測る | 線を変えるか、やめるかを相談する |
| 8日目 | 困ったことを3つ聞く | |
| 10日目 | 結果を一枚にして渡す | |

> 試してはいません。始め方が分からないまま2週間たちました。

[銀砂ガラス](deal:銀砂ガラス 強化試験の記録)のこの言葉は、2日目に電話していれば聞かずに済みました。質問への返事は、試用中だけは1時間以内です。できない時間帯は、返す時刻を先に伝えます。
""",
    ),
    DemoPage(
        slug="buyer-interview",
        by="kobayashi",
        collection="受注までの進め方",
        kind="playbook",
        language="ja",
        title="決まったあとに、お客様に理由を聞く",
        on="2025-06-23",
        changed="2026-09-07",
        note="同意の取り方を書き直した",
        tags=("聞き取り", "受失注"),
        body="""\
勝っても負けても、理由はお客様に聞きます。**聞くのは商談の担当ではない人**です。担当が聞くと、お客様は気をつかって「価格で」と答えます。

## いつ、誰が、どうやって

| | |
| --- | --- |
| いつ | 終わってから30日以内。90日を過ぎたら聞かない |
| 誰が | マーケティングの小林、支援の森と井上。担当以外なら誰でも |
| どうやって | 電話で20分。難しければアンケート6問 |
| 誰に | 稟議を書いた人。できれば、使うはずだった人にも |

## お願いの文

> このたびはご検討いただき、ありがとうございました。お決めになったことを覆すお願いではありません。次のお客様に同じご不便をかけないために、20分だけお話を聞かせてください。営業の担当は同席しません。

負けた商談では、3件に2件ほど応じてもらえています。

## 聞くこと

1. 検討を始めたきっかけは何でしたか。
2. 最後に残ったのは何社でしたか。名前は言わなくてかまいません。
3. いちばん迷ったのは、いつ、何についてでしたか。
4. 決め手を一つ挙げるなら。**もう一つ挙げるなら。**
5. 当社の説明で、分からないまま終わったことはありますか。
6. いまの言葉を、社内で、または名前を出さずに資料で使ってよいですか。

4番は二度聞きます。一つ目は上司に説明した理由、二つ目が本人の理由であることが多いからです。

## してはいけないこと

- 反論する、誤解を正す。正しい説明は、聞き終わってから求められたときだけ。
- 次の提案をする。
- 言葉を要約して書く。**言ったとおりに**書きます。

## 書くところ

お客様の言葉は「顧客の声」へ、こちらの考えは「私たちの見立て」へ分けて書きます。混ぜると、半年後にどちらだったか分からなくなります。[振り返りの書き方](article:retro-guide)も見てください。

> [!ヒント]
> [葦野樹脂](deal:葦野樹脂 成形機の始業点検)では、負けたときの聞き取りで言われた「120ページの手順書」を1枚に直し、翌年に取り返しました。電話は40分でした。
""",
    ),
    DemoPage(
        slug="retro-guide",
        by="kobayashi",
        collection="受注までの進め方",
        kind="playbook",
        language="ja",
        title="振り返りの書き方：90秒で残す",
        on="2024-07-08",
        changed="2026-04-13",
        note="よい例と惜しい例を入れ替えた",
        tags=("振り返り", "受失注"),
        body="""\
商談が終わったら48時間以内に、担当が書きます。うまい文章は要りません。次の人が電話の前に読んで、一つ行動が変われば十分です。

## 書くのは四つ（受注は三つ）

1. 結果。失注なら、誰に決まったか。分からなければ「分からない」。
2. いちばんの決め手と、その**証拠**。数字、日付、言われた言葉のどれか。
3. お客様の言葉。言ったとおりに。使ってよい範囲も。
4. 次の人へ一つ。**命令ではなく、場面**で書く。

## 惜しい例と、よい例

| 惜しい | よい |
| --- | --- |
| 価格で負けた | 月額で13％、年18万円の差。稟議の比較表で赤字だった |
| もっと早く動くべき | 試用の2日目に電話していれば、触っていないことに気づけた |
| 顧客志向が足りなかった | 現場の班長には一度も会っていない |
| 支援が弱い | 夜8時の問い合わせ先を聞かれ、翌朝の受付電話と答えた |

「価格」だけは、証拠がないと提出できません。営業が価格を一番に挙げた商談を聞き直すと、別の理由だったことのほうが多いからです。

## 負けを書くのがつらいとき

負けた商談の振り返りは、いちばん読まれています。読んだ人の次の商談が変わったら、その人から礼が届きます。誰が負けたかではなく、何が起きたかを書いてください。上司の評価には使いません。

> [!NOTE]
> 見送りは書き忘れが多く、2026年度の上期は10件のうち4件しか残っていません。[見送りを減らす](article:no-decision)ためにも、止まった商談ほど書いてください。
""",
    ),
    DemoPage(
        slug="no-decision",
        by="yamaguchi",
        collection="受注までの進め方",
        kind="playbook",
        language="ja",
        title="見送りを減らす：決まらない商談の見分け方",
        on="2025-02-03",
        changed="2026-11-09",
        note="仕事の持ち主の話を足した",
        tags=("見送り", "営業"),
        earlier=(
            ("- 誰の仕事かを聞くと、二つの課の名前が出る\n", ""),
            ("[青嶺電機](deal:青嶺電機 組立ラインの日常点検)は小さくして戻ってきました。", ""),
            (
                "見送りの相手にも年に一度は便りを出します。[寒天屋本舗](deal:寒天屋本舗 原料の期限)は、2年後に先方から電話が来ました。",
                "見送りの相手にも年に一度は便りを出します。",
            ),
        ),
        body="""\
見送りは、断られるより時間がかかります。止まる商談には、早いうちに出る合図があります。

## 合図

- 困っている人と、お金を決める人が別の会社にいる
- 推進者が異動の季節にいる（1月、3月、9月）
- 「全社で」「全工場で」と言われている
- 二人の決める人が、同じ部屋にいたことがない
- 誰の仕事かを聞くと、二つの課の名前が出る
- 先方から質問が来なくなって3週間

二つ当てはまったら、次のどれかをします。

## できること

小さくする
:   6工場ではなく1つのライン。[青嶺電機](deal:青嶺電機 組立ラインの日常点検)は小さくして戻ってきました。

日付を借りる
:   監査、提出期限、総代会。先方の外にある日付を探します。なければ、こちらで作らない。

止める
:   「いまは決めない、と決めませんか」と聞く。次に会う月を一緒に手帳に書いて終わります。

## 連絡が途絶えたとき

| 通 | いつ | 書くこと |
| ---: | --- | --- |
| 1 | 3日後 | 前回の宿題の答え |
| 2 | 2週間後 | 相手の業種の短い知らせを一つ。返事は求めない |
| 3 | 6週間後 | 3行だけ。「一度閉じます。再開の月があれば教えてください」 |

3通目にいちばん返事が来ます。閉じると言われると、本当のことを書きやすいからです。

## そのあと

見送りの相手にも年に一度は便りを出します。[寒天屋本舗](deal:寒天屋本舗 原料の期限)は、2年後に先方から電話が来ました。
""",
    ),
    DemoPage(
        slug="first-call-en",
        by="duarte",
        collection="受注までの進め方",
        kind="playbook",
        language="en",
        title="The first call: seven things to ask",
        on="2025-11-04",
        tags=("初回訪問",),
        body="""\
The first call is for collecting the customer's words, not for showing slides. With these seven answers half of the proposal is written.

1. What went wrong last, and when? "Last Tuesday" beats "sometimes".
2. How many people and hours does it take? Write "estimated" where it is.
3. Who approves the money, and who reads the paper before them?
4. In which month does the present contract end?
5. Who else is being looked at? If they will not say, write that they would not.
6. Who will touch it every day? Is the champion one of them?
7. When do we meet next? Agree on it now; the onboarding lead comes along.

> [!NOTE]
> Write it down the same day. Tomorrow their words will have become yours.

For plants abroad there is an eighth: in which language does the shop floor read? English screens are ready, [other languages are not](article:faq-english-screens).
""",
    ),
    DemoPage(
        slug="buyer-interview-en",
        by="kobayashi",
        collection="受注までの進め方",
        kind="playbook",
        language="en",
        title="Interviewing a customer who said no",
        on="2026-01-19",
        tags=("聞き取り", "受失注"),
        body="""\
Somebody who did **not** own the deal calls within 30 days. The owner would be told "price", out of kindness.

## Six questions, twenty minutes

1. What made you start looking?
2. How many suppliers were left at the end? No names needed.
3. When did you hesitate most, and about what?
4. What decided it? And what else? Ask twice: the first answer is what they told their boss, the second is often their own.
5. What remained unclear after everything we explained?
6. May we use your words inside, or without your name outside?

## What not to do

- Do not argue, and do not correct. If they had it wrong, that is the finding.
- Do not sell.
- Do not summarise. Write what they said, as they said it.

## What we learned from the first thirty

| | Rep said it first | Customer said it first |
| --- | ---: | ---: |
| Price | most often | rarely |
| Onboarding and support | rarely | most often |

Both were asked about the same deals. The gap between the two columns is why the [first 90 days](article:first-90-days-en) exist.
""",
    ),
    DemoPage(
        slug="discount-rules",
        by="yamaguchi",
        collection="見積もりの内規",
        kind="playbook",
        language="ja",
        title="値引きの決まり",
        on="2024-08-05",
        changed="2026-04-20",
        note="無料期間の扱いを足した",
        tags=("価格", "値引き"),
        body="""\
値引きは最後の道具です。頼まれていないときに出すと、お客様は「何かあるのか」と考えます。[葦野樹脂](deal:葦野樹脂 出荷指示書)では12％まで下げましたが、聞き取りによれば、値引きは頼まれていませんでした。

## 上限

| 値引き | 決める人 | 条件 |
| --- | --- | --- |
| 5％まで | 担当 | 理由を商談の欄に一文で |
| 10％まで | 部長 | 2年契約、または事例として名前を出す同意 |
| 10％を超える | 部長と経理 | 書面。結果を週次ミーティングで報告 |

## 値引きの前にすること

- [ ] 導入担当が同席した
- [ ] [3年の合計](article:three-year-total)を先方の人数で計算した
- [ ] 人数、様式の数、時期のどれかを減らす案を出した
- [ ] 値引きがないと決まらない、と**先方の口から**聞いた

## しないこと

- 無料の期間を付ける。料金が始まる月に、もう一度比べられます
- 相手の見積もりを見せてもらう代わりに下げる
- 月末を理由にする
""",
    ),
    DemoPage(
        slug="incident-15min",
        by="mori",
        collection="サポートの覚え書き",
        kind="playbook",
        language="ja",
        title="障害の一次対応：最初の15分",
        on="2024-06-17",
        changed="2026-02-02",
        note="夜間当番の順番を足した",
        tags=("支援", "夜間対応"),
        body="""\
電話を受けたら、原因を探す前に、次の連絡の時刻を約束します。

1. お客様の名前、画面の文言、始まった時刻を聞く。
2. **何の仕事が止まっているか**を聞く。出荷、締め、点検のどれか。
3. 15分後に折り返すと伝え、その時刻を書く。
4. 当番の技術支援に渡す。
5. 15分たったら、分かっていなくても電話する。

## 聞いてはいけないこと

「何か変えましたか」は最初に聞きません。責められたと感じて、本当のことが出てこなくなります。折り返しの電話で「きのうと違うことはありましたか」と聞きます。

## 夜間の順番

| 順 | 誰 | 何分待つか |
| ---: | --- | ---: |
| 1 | 当番 | 10 |
| 2 | 副当番 | 10 |
| 3 | 森 | 10 |

```console
$ hibari status --site SITE --since 2h
$ hibari rollback --site SITE --layout LAYOUT --to previous
```

`rollback` は、お客様に一言断ってから。様式を戻すと、直前に直した分も戻ります。
""",
    ),
    DemoPage(
        slug="handover",
        by="duarte",
        collection="受注までの進め方",
        kind="playbook",
        language="en",
        title="The handover note from sales to support",
        on="2025-12-15",
        changed="2026-07-21",
        note="Added the question about what was promised in passing",
        tags=("導入", "引き継ぎ"),
        body="""\
Sales fills it in on the day of the contract; the onboarding lead reads it before calling anyone. One page, no attachments.

- **Who uses it.** Names, not numbers.
- **What hurts.** One sentence, in the customer's words and language.
- **What was promised.** Also in passing. "He said it would be no problem" is a promise.
- **Who was against it,** and what they were afraid of.
- **Dates that cannot move.** Audits, stocktaking, harvest, year end.
- **What we said we cannot do.**

> [!IMPORTANT]
> The line about who was against it is the one most often left empty, and the one support needs first.

## An example

> Users: six in the tool shop, Ms Hagi leads. Hurts: "I find the same drill in three places." Promised: read the old tags for one year. Against: accounting, afraid of double entry. Cannot move: stocktaking on 28 March. Cannot do: weights and pieces at once.
""",
    ),
    DemoPage(
        slug="onboarding-plan",
        by="inoue",
        collection="サポートの覚え書き",
        kind="playbook",
        language="ja",
        title="導入支援の週ごとの段取り",
        on="2026-02-09",
        changed="2026-11-04",
        note="13週目の数え方を統一した",
        tags=("最初の90日", "導入"),
        body="""\
お客様に渡す[一枚](article:first-90-days)の、裏側の段取りです。担当が替わらない約束なので、休みの予定を先に入れてください。

## 契約の日から

- [ ] [引き継ぎ票](article:handover)を読み、反対した人に最初に電話する
- [ ] 様式を数える。数えた結果を営業とお客様の両方に送る
- [ ] 13回の定例を、先方の暦（締め、休み、繁忙）に合わせて全部置く

## 週ごと

| 週 | 見るもの | 赤信号 | そのときすること |
| ---: | --- | --- | --- |
| 1 | 最初の3枚が出たか | 名簿が来ない | 営業に戻さず、自分で取りに行く |
| 2 | 使った人の数 | 推進者しか使っていない | 現場に一日立つ |
| 4 | 1日の質問の数 | 0件 | 使っていない証拠。画面を一緒に開く |
| 6 | 様式の進み | 3週続けて同じ様式 | その様式を後ろに回す |
| 9 | 教える人が決まったか | 推進者が兼ねる | 断る。異動したら止まる |
| 12 | 引き継ぎの同席 | 支援の席が空 | 日を変える |
| 13 | 使う人の割合 | 8割に届かない | 延長を、こちらから申し出る |

## 数え方

「使っている」は、その週に**3日以上**、自分で一枚出した人です。見ただけの人は入れません。

> [!警告]
> 13週目の数字をよく見せるために、使わない人を名簿から外さないこと。翌年の更新で必ず分かります。
""",
    ),
    DemoPage(
        slug="finance-visit",
        by="nakamura",
        collection="受注までの進め方",
        kind="playbook",
        language="ja",
        title="信用金庫・信用組合を訪ねるとき",
        on="2024-10-28",
        changed="2026-03-16",
        tags=("金融", "初回訪問"),
        departments=(SALES_2,),
        body="""\
第二営業部の覚え書きです。金庫や組合の中の話が入るため、部の中だけで読みます。

- 月末、25日、年金の支払日の翌日は訪ねない。電話もしない。
- 最初の訪問は本部。ただし**帰りに営業店を一つ、客として**見てくる。窓口の紙の数が分かります。
- 役席は2〜3年で替わる。名刺を受け取ったら、着任の月を聞いて書いておく。
- 総代会、通常監査、共同センターの更新。三つの日付をそろえてから提案を書く。
- 登録業者かどうかを聞かれたら、審査中と答える。「近く登録されます」とは言わない。

| 言い換え | 使わない |
| --- | --- |
| 確かめの手間が減ります | 人が減ります |
| 検査で説明しやすくなります | 検査が不要になります |
| 隣の県の組合で使われています | 業界標準です |
""",
    ),
)
