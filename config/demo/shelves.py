"""The shelves of the sample company's pages, and who may read them."""

from __future__ import annotations

from config.demo.rows import DemoCollection

MARKETING, SALES_1, SALES_2, SUPPORT, IT = (
    "マーケティング",
    "第一営業部",
    "第二営業部",
    "カスタマー支援",
    "情報システム",
)

COLLECTIONS = (
    DemoCollection("競合対策", "競合と並んだときに、何をどの順で言うか"),
    DemoCollection("営業資料", "お客様に見せる資料と、その使い方"),
    DemoCollection("よくある質問", "お客様と社内からよく聞かれること", by="mori"),
    DemoCollection("成功事例", "お客様の名前を出してよい話と、数え方"),
    DemoCollection("受注までの進め方", "初回訪問から契約、引き継ぎまでの段取り", by="lee"),
    DemoCollection("お知らせ", "料金、製品、数字。変わったこと"),
    DemoCollection("サポートの覚え書き", "カスタマー支援だけで使う手順", by="mori", departments=(SUPPORT,)),
    DemoCollection(
        "見積もりの内規",
        "値引きと特別条件。営業とマーケティングだけで読む",
        departments=(SALES_1, SALES_2, MARKETING),
    ),
)
