"""The first two levels of the driver tree, in both languages, and how they come into the database.

Plain data, so that the migration that plants it needs nothing else of this room.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Seed(NamedTuple):
    """One node: its key, its two names, and the attributes below it."""

    key: str
    name_ja: str
    name_en: str
    children: tuple[Seed, ...] = ()


TREE = (
    Seed(
        "sales",
        "営業",
        "Sales",
        (
            Seed("responsiveness", "対応の速さ", "Responsiveness"),
            Seed("understanding", "課題の理解", "Understanding of the need"),
            Seed("trust", "信頼", "Trust"),
        ),
    ),
    Seed(
        "solution",
        "製品",
        "Solution",
        (
            Seed("fit", "要件との適合", "Fit"),
            Seed("ease-of-use", "使いやすさ", "Ease of use"),
            Seed("integration", "連携", "Integration"),
            Seed("performance", "性能", "Performance"),
        ),
    ),
    Seed(
        "company",
        "会社",
        "Company",
        (
            Seed("references", "導入実績", "References"),
            Seed("stability", "経営の安定", "Stability"),
            Seed("brand", "知名度", "Brand"),
        ),
    ),
    Seed(
        "support",
        "支援",
        "Support",
        (
            Seed("onboarding", "導入の支援", "Onboarding"),
            Seed("incident-response", "障害時の対応", "Incident response"),
            Seed("documentation", "説明書と資料", "Documentation"),
            Seed("language", "対応言語", "Language"),
        ),
    ),
    Seed(
        "price",
        "価格",
        "Price and packaging",
        (
            Seed("total-cost", "総費用", "Total cost"),
            Seed("pricing-model", "料金体系", "Pricing model"),
            Seed("discount", "値引き", "Discount"),
        ),
    ),
    Seed(
        "business-case",
        "投資の根拠",
        "Business case",
        (
            Seed("return", "費用対効果", "Return"),
            Seed("sponsor", "推進者の後押し", "Sponsor"),
            Seed("budget", "予算", "Budget"),
        ),
    ),
    Seed(
        "timing",
        "時期",
        "Timing",
        (
            Seed("priority", "優先順位", "Priority"),
            Seed("reorganisation", "組織の変更", "Reorganisation"),
            Seed("contract-end", "契約の切れ目", "Contract end"),
        ),
    ),
    Seed(
        "process",
        "手続きと法務",
        "Process and legal",
        (
            Seed("security-review", "セキュリティ審査", "Security review"),
            Seed("terms", "契約条件", "Terms"),
            Seed("ringi", "稟議", "Internal approval round (ringi)"),
        ),
    ),
)
# The branch that says little by itself, so that it is refused without evidence.
PRICE = "price"


def plant(drivers: Any) -> None:
    """Put the tree in; what is there already, renamed perhaps, stays. `drivers`: the manager of Driver, of any age."""
    for position, driver in enumerate(TREE, 1):
        top, _made = drivers.get_or_create(
            key=driver.key, defaults={**names(driver), "level": 1, "position": position}
        )
        for place, attribute in enumerate(driver.children, 1):
            drivers.get_or_create(
                key=attribute.key,
                defaults={**names(attribute), "level": 2, "position": place, "parent": top},
            )


def names(seed: Seed) -> dict[str, str]:
    return {"name_ja": seed.name_ja, "name_en": seed.name_en}
