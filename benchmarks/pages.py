"""Invented pages, half Japanese and half English, with lengths and word frequencies as real handbooks have them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.html import escape

from benchmarks.measure import tell
from kb.access.actions import Readers
from kb.accounts.models import Role, User
from kb.articles.actions import save_collection
from kb.articles.models import Article, Collection, Kind
from kb.search.index import reindex

NOUNS = (
    "商談 顧客 失注 受注 価格 値引き 提案書 見積もり 決裁者 稟議 競合 製品 機能 導入 支援 体制 契約 更新 解約 予算 部門 営業 会議 資料 事例 担当者"
    " 情報システム部 データ セキュリティ 認証 連携 要件 課題 効果 期限 計画 目標 数字 報告 研修 窓口 障害 問い合わせ 回答 手順 画面 設定 権限 管理"
    " マーケティング リード 需要創出 展示会 広告 メール 記事 検索 分析 評価 比較 理由 仮説 検証 改善 品質 速度 費用 見込み 市場 業種 製造業 金融"
).split()
VERBS = (
    "確認する 説明する 記録する 比べる 進める 決める 送る 受け取る 見直す 増やす 減らす 準備する 共有する 断る 選ぶ 始める 終える 続ける"
    " 尋ねる 答える"
).split()
ENDINGS = ("。", "。", "。", "ことが多い。", "ようにする。", "前に相談する。", "ときは注意する。")
WORDS = (
    "deal customer pricing discount proposal quote champion approval competitor product feature rollout support team contract"
    " renewal churn budget department sales meeting collateral story owner security login integration requirement problem outcome"
    " deadline plan target report training incident question answer guide screen setting permission marketing lead demand event"
    " campaign email article search analysis review comparison reason hypothesis test improvement quality speed cost pipeline market"
    " industry manufacturing banking onboarding migration roadmap objection template playbook handbook forecast quarter region partner"
).split()
FILLERS = "the a to of and in for with on is are should before after when we they this each every".split()
# Lengths in characters: the median of real handbooks, with their long tail.
MEDIAN, SPREAD, LONGEST = 3_000, 1.0, 60_000


@dataclass(frozen=True, slots=True)
class Page:
    """What is written on one page."""

    title: str
    text: str
    language: str


def pages(count: int, seed: int = 1) -> Iterator[Page]:
    """The same pages each time."""
    rng = random.Random(seed)
    for number in range(count):
        japanese = number % 2 == 0
        length = min(LONGEST, int(rng.lognormvariate(0, SPREAD) * MEDIAN) + 200)
        sentence = japanese_sentence if japanese else english_sentence
        title = sentence(rng).rstrip("。.")[: 40 if japanese else 60]
        lines, size = [], 0
        while size < length:
            lines.append(sentence(rng))
            size += len(lines[-1])
            if rng.random() < 0.1:
                lines.append("\n\n")
        # A rare word in every fiftieth page, and one that is in no other page.
        lines.append(f" 符号{number:05d} " + ("回覧板" if number % 50 == 0 else ""))
        yield Page(f"{title} {number}", "".join(lines), "ja" if japanese else "en")


def common(rng: random.Random, words: list[str]) -> str:
    """A word, the first ones far more often than the last, as in any language."""
    return words[min(len(words) - 1, int(rng.paretovariate(0.7)) - 1)]


def japanese_sentence(rng: random.Random) -> str:
    parts = [
        common(rng, NOUNS),
        rng.choice("はがもでに"),
        common(rng, NOUNS),
        rng.choice(["の", ""]),
        common(rng, NOUNS),
    ]
    return "".join([*parts, "を", rng.choice(VERBS), rng.choice(ENDINGS)])


def english_sentence(rng: random.Random) -> str:
    words = [common(rng, WORDS) if index % 2 else rng.choice(FILLERS) for index in range(rng.randint(6, 18))]
    return " ".join(words).capitalize() + ". "


def person(name: str = "bench") -> User:
    return User.objects.create_user(name, role=Role.ADMINISTRATOR, display_name="Bench")


def fill(by: User, texts: Sequence[Page]) -> list[int]:
    """Put pages straight into the database, in one collection everybody may see, and build the index; their numbers."""
    made = store(by, texts, Readers(everyone=True))
    reindex()
    return made


def growing(by: User, sizes: Sequence[int]) -> Iterator[int]:
    """Each size, once there are so many pages and the index holds them."""
    there = 0
    everything = list(pages(max(sizes)))
    for size in sizes:
        tell(f"building {size} pages")
        fill(by, everything[there:size])
        there = size
        yield size


def store(by: User, texts: Sequence[Page], readers: Readers) -> list[int]:
    """Put pages straight into the database, in a collection of their own; the index does not know them."""
    shelf = save_collection(by=by, name=f"Bench {Collection.objects.count()}", readers=readers)
    kinds, now = Kind.values, timezone.now()
    rows = [
        Article(
            title=page.title,
            kind=kinds[number % len(kinds)],
            language=page.language,
            collection=shelf,
            audience=shelf.audience,
            owner=by,
            body=page.text,
            html=f"<p>{escape(page.text)}</p>",
            text=page.text,
            version=1,
            created_by=by,
            updated_by=by,
            updated_at=now - timedelta(days=number % 900),
        )
        for number, page in enumerate(texts)
    ]
    made = Article.objects.bulk_create(rows, batch_size=200)
    return [article.pk for article in made]
