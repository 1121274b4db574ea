"""What a CRM's words for the state of a deal mean: won, lost, no decision, open, no deal at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.text import fold


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result, and the second field that goes with it: to whom it was lost, or why nothing was decided."""

    result: str
    lost_to: str = ""
    reason: str = ""

    @property
    def is_decided(self) -> bool:
        return self.result in ("won", "lost", "no_decision")


WORDS = {
    "won": (
        "won win wins winner closedwon wonclosed wonopportunity dealwon successful success signed sold contracted closedwonpaid "
        "受注 受注済 受注済み 受注確定 受注完了 成約 成約済 成約済み 成立 獲得 勝ち 勝 勝注 契約 契約済 契約済み 契約締結 "
        "契約成立 成功 gewonnen abgeschlossengewonnen gagné gagnée gagne fermégagné conclu ganado ganada cerradaganada "
        "cerradoganado ganho ganha vinto vinta chiusavinta выиграна выиграно 赢单 赢 成交 贏單 已成交 수주 수주성공 성공"
    ),
    "lost": (
        "lost loss lose losses closedlost lostclosed lostopportunity deallost unsuccessful failed failure defeated rejected "
        "declined 失注 失注済 失注済み 失注確定 敗退 負け 負 敗 失敗 不成立 不成約 他決 競合負け verloren abgeschlossenverloren "
        "perdu perdue ferméperdu perdido perdida cerradaperdida cerradoperdido perso persa chiusapersa проиграна 输单 丢单 輸單 "
        "失单 실주 실패"
    ),
    "no_decision": (
        "nodecision closednodecision nodeal abandoned cancelled canceled dropped withdrawn stalledout projectcancelled 見送り "
        "見送 検討中止 中止 案件中止 消滅 案件消滅 立ち消え 立消え 自然消滅 取りやめ 取り止め キャンセル 辞退 keineentscheidung "
        "abgebrochen sansdécision abandonné abandonnée sindecisión cancelado cancelada 搁置 取消 보류취소"
    ),
    "open": (
        "open new active inprogress ongoing pending pipeline working inpipeline onhold 商談中 進行中 提案中 交渉中 検討中 見積中 "
        "対応中 継続 継続中 保留 保留中 未決 未確定 オープン 新規 アクティブ offen laufend ouvert ouverte encours abierto abierta "
        "encurso aberto aberta aperto aperta 进行中 跟进中 진행중"
    ),
    "invalid": (
        "invalid disqualified duplicate notadeal junk spam unqualified 無効 重複 対象外 誤登録 不要 ungültig invalide inválido "
        "无效 무효"
    ),
    "unknown": "unknown notknown undetermined 不明 未入力 unbekannt inconnu desconocido 未知",
}
LOST_TO = {
    "competitor": (
        "competitor competition tocompetitor losttocompetitor lostcompetitor closedlosttocompetitor 競合 競合他社 他社 他社決定 "
        "競合に負け 他社採用"
    ),
    "incumbent": "incumbent existingvendor currentvendor losttoincumbent 既存 既存ベンダー 既存業者 現行ベンダー 現行 既存継続",
    "in_house": "inhouse builtinhouse internal inhousebuild buildinhouse losttoinhouse 内製 自社開発 自社 内製化",
}
REASONS = {
    "status_quo": "statusquo 現状維持 現行継続",
    "indecision": "indecision couldnotdecide undecided 決めきれず 意思決定できず",
    "ghosted": "ghosted noresponse unresponsive wentdark 音信不通 連絡不通 返事なし",
}
TRUE = {
    "true",
    "yes",
    "y",
    "1",
    "t",
    "on",
    "はい",
    "有",
    "あり",
    "○",
    "〇",
    "◯",
    "o",
    "✓",
    "✔",
    "☑",
    "ja",
    "oui",
    "si",
    "sí",
    "是",
    "예",
    "wahr",
    "vrai",
    "verdadero",
}
FALSE = {
    "false",
    "no",
    "n",
    "0",
    "f",
    "off",
    "いいえ",
    "無",
    "なし",
    "×",
    "✕",
    "✖",
    "x",
    "☐",
    "nein",
    "non",
    "não",
    "否",
    "아니오",
    "falsch",
    "faux",
    "falso",
}
# Words for a win that are also called steps on the way to one.
STEPS = {
    "契約",
    "契約締結",
    "契約成立",
    "成立",
    "獲得",
    "contracted",
    "signed",
    "success",
    "rejected",
    "declined",
}
# They end a deal without saying how.
ENDED = {
    "closed",
    "close",
    "complete",
    "completed",
    "done",
    "finished",
    "inactive",
    "archived",
    "完了",
    "終了",
    "クローズ",
    "クローズ済み",
    "商談終了",
    "終結",
    "geschlossen",
    "abgeschlossen",
    "fermé",
    "cerrado",
    "cerrada",
}

_BY_WORD = {word: result for result, words in WORDS.items() for word in words.split()}
_TO = {word: to for to, words in LOST_TO.items() for word in words.split()}
_WHY = {word: reason for reason, words in REASONS.items() for word in words.split()}
_NOT_LETTERS = re.compile(r"[\W_]+")
# What stands around the word itself: 06. Closed Won, S5:受注, Closed Won (100%).
_NUMBERED = re.compile(r"^(?:[a-z]?\d{1,3}\s*[.:)_\-]\s*|\[\d+\]\s*)")
_SHARE = re.compile(r"[(\[]?\s*\d{1,3}\s*%\s*[)\]]?")
_PARTS = re.compile(r"\s*[(（\[:：/／|,、]\s*|\s+[-–—]+\s*|\s*[–—]+\s+|(?<=注)[-‐]|>+")


def plain(text: str) -> str:
    """Letters and figures of a value alone, folded: Closed-Won, closed won and ClosedWon are one."""
    return _NOT_LETTERS.sub("", fold(text))


def read_stage(text: str) -> Outcome | None:
    """The same of a stage, where 契約 is a step on the way and no win."""
    return None if plain(_SHARE.sub("", _NUMBERED.sub("", fold(text)))) in STEPS else read_outcome(text)


def read_outcome(text: str) -> Outcome | None:
    """What a value says of the outcome; none when it is no such word, as most stages are none."""
    folded = _SHARE.sub("", _NUMBERED.sub("", fold(text))).strip()
    whole = _of_word(plain(folded))
    if whole:
        return whole
    parts = [plain(part) for part in _PARTS.split(folded)]
    parts = [part for part in parts if part and part not in ENDED]
    if len(parts) < 2:
        return _of_word(parts[0]) if parts else None
    first = _of_word(parts[0])
    return _with_detail(first, parts[1:]) if first else None


def _with_detail(outcome: Outcome, parts: list[str]) -> Outcome:
    """失注（競合）, Closed Lost - No decision: the detail says which kind it was, a reason for it does not."""
    for part in parts:
        if outcome.result == "lost" and part in _TO:
            return Outcome("lost", _TO[part])
        detail = _of_word(part)
        if detail and outcome.result == "lost" and detail.result in ("no_decision", "invalid"):
            return detail
        if detail and outcome.result == "no_decision" and detail.reason:
            return detail
        if detail and outcome.result == "unknown":
            return detail
    return outcome


def _of_word(word: str) -> Outcome | None:
    if word in _BY_WORD:
        result = _BY_WORD[word]
        return Outcome(result, "not_known" if result == "lost" else "")
    if word in _WHY:
        return Outcome("no_decision", reason=_WHY[word])
    if word.startswith(("lostto", "closedlostto", "競合", "他社")) and word in _TO:
        return Outcome("lost", _TO[word])
    return None


def has_ended(text: str) -> bool:
    """Whether a value says that a deal is over, and not how."""
    return plain(_SHARE.sub("", _NUMBERED.sub("", fold(text)))) in ENDED


def read_flag(text: str) -> bool | None:
    """TRUE, Yes, 1, ○ and their opposites; none for anything else."""
    folded = fold(text)
    folded = folded.removesuffix(".0")
    return True if folded in TRUE else False if folded in FALSE else None


def read_lost_to(text: str) -> str:
    """Whom a loss went to; "" when the value is no such word, but a name."""
    word = plain(text)
    if not word or _BY_WORD.get(word) == "unknown":
        return "not_known"
    return _TO.get(word, "")
