"""What the sample company sells, whom it meets, and what its customers do. Every name is invented."""

from __future__ import annotations

from config.demo.rows import DemoNamed

FORMS, RINGI, STOCK, CHECK = "ヒバリ 帳票", "ヒバリ 稟議", "ヒバリ 在庫", "ヒバリ 点検"
NOVA, KARAMATSU, ORION, MAMENOKI = "ノヴァ", "カラマツ情報", "オリオン", "マメノキ"

PRODUCTS = (
    DemoNamed(
        FORMS,
        "検査成績書、納品書、請求書を、いまの様式のまま電子で出し、届け、10年残す。標準プランは月額で1人600円、基本料金は月3万円。",
        near=("ひばり帳票", "Hibari Forms", "帳票"),
    ),
    DemoNamed(
        RINGI,
        "稟議と申請の経路を組み、どこで止まっているかを全員に見せる。条件つきの経路、電話からの承認、証跡の保存。月額で1人500円。",
        near=("ひばり稟議", "Hibari Ringi", "稟議"),
    ),
    DemoNamed(
        STOCK,
        "部品と原料を札で読み、置き場所とロットを残す。製品から原料へ、原料から製品への逆引きが3分以内。月額で1人1,200円と端末。",
        near=("ひばり在庫", "Hibari Stock", "在庫"),
    ),
    DemoNamed(
        CHECK,
        "設備の日常点検を、手袋のまま押せる画面で。2025年12月に発売した新しい製品で、稼働はまだ少ない。月額で1人800円。",
        near=("ひばり点検", "Hibari Check", "点検"),
    ),
    DemoNamed(
        "ヒバリ 伝票",
        "据え置き型の伝票発行。2025年3月に販売を終えた。保守は2027年3月まで。乗り換え先はヒバリ 帳票。",
        near=("ひばり伝票", "Hibari Slip"),
        retired=True,
    ),
)

COMPETITORS = (
    DemoNamed(
        NOVA,
        "2025年春に現れた新しい会社。中堅の製造業に強い。1人あたりの月額は当社より13％ほど安いが、勝ち方は価格ではなく、"
        "導入担当が初めから同席して30日で動かすこと。31日目からの支援は有償。夜間と休日の電話は受けていない。",
        near=("NOVA", "ノバ", "ノヴァ社"),
    ),
    DemoNamed(
        KARAMATSU,
        "地域金融と大手に強い、個別開発の会社。半年かけて作り、担当を客先に常駐させる。実績の数と規程の知識で選ばれ、"
        "料金と変更の遅さで外される。",
        near=("唐松情報", "カラマツ", "Karamatsu Information", "Karamatsu"),
    ),
    DemoNamed(
        ORION,
        "基幹システムのオリオンに付くオプション。基幹がオリオンの会社では、つなぎ込みの要らない強さがある。単独では出てこない。",
        near=("オリオン社", "Orion"),
    ),
    DemoNamed(
        MAMENOKI,
        "小さな会社向けの、自分で始める道具。月9,800円から、カード払い。既製の様式だけで、問い合わせはメールのみ。",
        near=("豆の木", "まめのき", "Mamenoki"),
    ),
)

INDUSTRIES = (
    DemoNamed("製造", near=("製造業", "メーカー", "Manufacturing")),
    DemoNamed("地域金融", near=("銀行", "信用金庫", "信用組合", "Regional finance", "Banking")),
    DemoNamed("物流", near=("運輸", "倉庫", "Logistics")),
    DemoNamed("食品", near=("食品製造", "飲料", "Food")),
    DemoNamed("医療・介護", near=("医療", "介護", "病院", "Healthcare")),
    DemoNamed("卸売・小売", near=("卸売", "小売", "Retail")),
    DemoNamed("建設・設備", near=("建設", "設備工事", "Construction")),
)
