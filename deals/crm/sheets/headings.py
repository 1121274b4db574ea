"""What columns are called, in the languages CRMs speak: a table of words for each field."""

from __future__ import annotations

import re
import unicodedata

from kb.text import nfkc

# Fields of a deal, as the command line and the pages name them. The first words of a field are its surest.
DEAL: dict[str, str] = {
    "id": (
        "id dealid opportunityid oppid recordid opportunitynumber dealnumber opportunityno dealno oppno caseid crmid externalid "
        "hubspotid salesforceid uuid guid 案件id 商談id 案件番号 商談番号 案件no 商談no 案件コード 商談コード 管理番号 レコードid "
        "レコード番号 識別番号 番号 no vorgangsnummer chancenid opportunitynummer identifiant idopportunité numéro idoportunidad "
        "idnegócio 商机id 商机编号 编号 영업기회id 기회id"
    ),
    "name": (
        "name dealname opportunityname opportunity deal title dealtitle opportunitytitle oppname subject topic projectname "
        "project 商談名 案件名 案件 商談 件名 案件タイトル 商談タイトル プロジェクト名 名称 テーマ bezeichnung chance "
        "verkaufschance vorgang nom nomopportunité affaire opportunité intitulé nombre oportunidad negocio nome título oggetto "
        "商机名称 商机 项目名称 영업기회명 기회명 거래명"
    ),
    "company": (
        "company account companyname accountname customer customername client clientname organization organisation "
        "organizationname prospect buyer 会社名 会社 企業名 企業 取引先 取引先名 顧客名 顧客 得意先 得意先名 客先 お客様名 法人名 "
        "社名 アカウント名 firma unternehmen kunde kundenname konto kontoname société entreprise compte empresa cliente cuenta "
        "conta azienda 客户名称 客户 公司 公司名称 고객사 고객 회사 회사명"
    ),
    "company_id": (
        "companyid accountid customerid clientid organizationid associatedcompanyid 取引先id 顧客id 会社id 企業id 顧客コード "
        "取引先コード 客户id"
    ),
    "product": (
        "product productname item itemname solution service productline primaryproduct 製品 製品名 商品 商品名 サービス名 "
        "サービス 提案商品 提案製品 品名 produkt produktname artikel produit nomproduit producto produto prodotto 产品 产品名称 "
        "제품 제품명 상품"
    ),
    "product_id": "productid product2id itemid sku productcode 製品id 商品id 商品コード 製品コード",
    "owner": (
        "owner salesagent ownername dealowner opportunityowner salesrep rep salesperson agent salesowner assignedto assignee "
        "accountexecutive salesexecutive representative 担当者 担当 営業担当 営業担当者 担当者名 営業担当名 商談所有者 所有者 "
        "案件担当者 担当営業 主担当 inhaber verantwortlicher vertriebsmitarbeiter propriétaire responsable commercial propietario "
        "vendedor responsável proprietario 负责人 销售人员 销售 담당자 영업담당자"
    ),
    "owner_id": "ownerid hubspotownerid userid salesrepid agentid salesagentid 担当者id 所有者id 社員番号 社員id",
    "owner_team": (
        "ownerteam team salesteam teamname manager salesmanager department division businessunit hubspotteam group salesgroup "
        "チーム 部署 営業部 部門 所属 担当部署 担当部門 課 事業部 営業所 支店 グループ マネージャー 上長 vertriebsteam abteilung "
        "équipe equipo equipe squadra 部门 团队 팀 부서"
    ),
    "region": (
        "region salesregion territory regionaloffice area office salesarea salesterritory geo 地域 エリア 地区 リージョン 地方 "
        "担当地域 担当エリア 営業エリア gebiet vertriebsgebiet région territoire región regione região 区域 大区 地區 지역"
    ),
    "segment": (
        "segment customersegment marketsegment companysize customersize clientsize dealsize dealsizecategory sizesegment tier "
        "accountsegment セグメント 企業規模 顧客規模 規模 顧客区分 顧客セグメント 客層 顧客ランク kundensegment unternehmensgröße "
        "segmento tailleentreprise 客户规模 세그먼트"
    ),
    "stage": (
        "stage dealstage stagename salesstage opportunitystage pipelinestage phase salesphase step フェーズ ステージ 商談フェーズ "
        "案件フェーズ 商談ステージ 案件ステージ 営業フェーズ 段階 商談段階 進捗 進捗状況 状況 verkaufsphase vertriebsphase stufe "
        "étape etape phasedevente etapa fase etapadeventas fasi 阶段 销售阶段 商机阶段 단계 영업단계"
    ),
    "stage_id": "stageid dealstageid pipelinestageid dealpipelinestageid フェーズid ステージid",
    "stage_lost": (
        "stagelost loststage laststage closedlostatstage previousstage stagebeforeclose stageatloss 失注フェーズ 失注ステージ "
        "失注時フェーズ 失注時ステージ 最終フェーズ 最終ステージ 直前フェーズ"
    ),
    "result": (
        "result outcome dealresult opportunityresult dealoutcome winloss wonlost winlost wonloss status dealstatus "
        "opportunitystatus closestatus finalstatus closedstatus finalresult 結果 商談結果 案件結果 受失注 受注失注 受注結果 成否 "
        "勝敗 最終結果 ステータス 商談ステータス 案件ステータス 状態 受失注区分 受注区分 ergebnis statusdergelegenheit résultat "
        "statut estado resultado situação esito stato 结果 赢单状态 状态 결과 상태"
    ),
    "is_won": (
        "iswon won closedwon isclosedwon wonflag hswon hsisclosedwon dealwon win iswin 受注フラグ 受注済フラグ 成約フラグ "
        "gewonnenflag"
    ),
    "is_lost": "islost lost closedlost isclosedlost lostflag hsisclosedlost 失注フラグ",
    "is_closed": "isclosed closed closedflag hsisclosed isdealclosed 完了フラグ クローズ済み クローズフラグ 終了フラグ",
    "lost_to": (
        "lostto wonby winner winningcompetitor winningvendor lostcompetitor competitorlostto 失注先 敗戦先 採用ベンダー 採用企業 "
        "採用他社 他社決定先 決定ベンダー 発注先"
    ),
    "competitor": (
        "competitor competitors competitorname maincompetitor maincompetitors primarycompetitor competition competingvendor 競合 "
        "競合他社 競合企業 競合先 競合会社 競合名 競合ベンダー コンペ konkurrent wettbewerber hauptkonkurrent concurrent "
        "competidor concorrente 竞争对手 竞品 경쟁사"
    ),
    "opened_on": (
        "openedon opendate opened openeddate createdate createddate created createdat createdon creationdate createtime "
        "createdtime engagedate startdate dealcreated dateopened dateadded adddate dateentered openingdate 商談開始日 開始日 "
        "発生日 作成日 作成日時 登録日 登録日時 案件発生日 案件作成日 初回商談日 初回訪問日 商談化日 起票日 受付日 erstelltam "
        "erstellungsdatum eröffnetam datedecréation crééle dateouverture fechadecreación fechacreación fechadeapertura "
        "datadecriação datacreazione 创建日期 创建时间 开始日期 생성일 시작일"
    ),
    "closed_on": (
        "closedon closedate closeddate dateclosed closed closingdate closetime closedat closedtime actualclosedate wondate "
        "dateofclose wontime enddate decisiondate クローズ日 完了日 完了予定日 受注日 成約日 契約日 失注日 受注失注日 受失注日 "
        "決着日 終了日 完了日時 受注予定日 決定日 クローズ予定日 abschlussdatum schlussdatum geschlossenam datedeclôture "
        "datefermeture clôturéle fechadecierre fechacierre datadefechamento datadichiusura 成交日期 预计成交日期 关闭日期 "
        "结单日期 마감일 종료일 수주일"
    ),
    "amount": (
        "amount dealamount closevalue value dealvalue opportunityamount opportunityvalue totalamount amountinhomecurrency "
        "contractvalue totalcontractvalue tcv acv arr annualcontractvalue dealsize revenue salesamount saleprice price "
        "bookingamount wonamount totalvalue 金額 商談金額 案件金額 受注金額 受注額 契約金額 成約金額 売上 売上金額 売上額 "
        "見積金額 見込金額 提案金額 想定金額 予定金額 合計金額 金額合計 税抜金額 betrag auftragswert wert umsatz montant valeur "
        "chiffredaffaires importe monto valor importo 金额 成交金额 合同金额 预计金额 금액 수주금액 계약금액"
    ),
    "currency": (
        "currency currencycode currencyisocode amountcurrency opportunitycurrency currencyname dealcurrency currencyiso "
        "transactioncurrency isocurrency 通貨 通貨コード 通貨単位 währung devise moneda divisa moeda valuta 币种 货币 통화"
    ),
    "note": (
        "note notes description comment comments remarks nextstep memo dealdescription details lossreason lostreason "
        "closedlostreason reasonlost reasonforloss closedwonreason winreason wonreason 備考 メモ 詳細 内容 説明 概要 コメント "
        "失注理由 敗因 失注要因 受注理由 勝因 受注要因 特記事項 商談内容 理由 beschreibung bemerkung notiz verlustgrund "
        "commentaire remarque raisondeperte descripción comentarios motivo motivodepérdida observações descrizione 备注 描述 "
        "输单原因 비고 메모 실주사유"
    ),
    "tags": "tags labels タグ ラベル etiketten étiquettes etiquetas 标签 태그",
    "no_decision_reason": "nodecisionreason reasonfornodecision 見送り理由 中止理由",
    "industry": (
        "industry sector vertical accountindustry industryname 業種 業界 業種名 産業 業態 branche secteur industria setor settore "
        "行业 업종 산업"
    ),
    "employees": (
        "employees numberofemployees employeecount headcount noofemployees 従業員数 社員数 mitarbeiter mitarbeiterzahl effectif "
        "empleados funcionários dipendenti 员工数 직원수"
    ),
    "company_region": (
        "officelocation location country billingcountry billingstate billingcity city state headquarters hq prefecture address "
        "所在地 国 都道府県 本社所在地 住所 市区町村 land standort stadt pays ville país ciudad paese città 国家 地址 城市 국가 "
        "도시"
    ),
}
# Keys lead to another file's rows; alone they are not names.
KEYS = {"company_id": "company", "owner_id": "owner", "product_id": "product", "stage_id": "stage"}
FLAGS = ("is_won", "is_lost", "is_closed")
MANY = ("note", "tags")
FIELDS = tuple(DEAL)
LEFT_OUT = "-"

# Columns of the files a deal is linked to, by what such a file is of; beside these, each has a key of its own.
OF_COMPANIES = ("name", "industry", "employees", "region", "company_region", "segment")
OF_OWNERS = ("name", "first_name", "last_name", "email", "owner_team", "region", "team_id")
OF_PRODUCTS = ("name",)
OF_STAGES = ("name", "is_won", "is_lost", "is_closed")
OF_OTHERS = {
    "name": "name label title fullname displayname username developername 名前 氏名 名称 表示名 ラベル",
    "first_name": "firstname givenname 名",
    "last_name": "lastname surname familyname 姓",
    "email": "email mail emailaddress メール メールアドレス",
    "team_id": "teamid userroleid roleid primaryteamid departmentid groupid 部署id チームid",
}

_PREFIXES = ("property", "properties", "hs", "sf", "crm", "fields", "attributes")
_SUFFIXES = ("c", "pc", "custom")
_OF_DEAL = ("deal", "opportunity", "opp", "商談", "案件", "potential")
_UNIT = re.compile(r"[(\[（【].*?[)\]）】]")
_IN_CURRENCY = re.compile(r"(?:in)?(?:jpy|usd|eur|gbp|cny|krw|yen|千円|百万円|万円|円)$")
_PIECES = re.compile(r"[^\W_]+")
# Words that end a longer name: 最終受注金額, expected_close_date.
_ENDINGS = {
    "closed_on": ("closedate", "closingdate", "受注日", "失注日", "クローズ日", "完了日", "成約日", "契約日"),
    "amount": ("dealamount", "dealvalue", "contractvalue", "金額", "受注額", "契約額"),
    "name": ("dealname", "opportunityname", "案件名", "商談名"),
    "company": ("accountname", "companyname", "customername", "会社名", "顧客名", "取引先名", "企業名", "得意先名"),
    "product": ("productname", "製品名", "商品名", "サービス名"),
    "owner": ("ownername", "担当者", "担当者名"),
    "stage": ("dealstage", "salesstage", "stagename", "フェーズ", "ステージ"),
    "result": ("結果", "受失注"),
    "competitor": ("competitor", "競合", "競合他社", "競合企業"),
    "industry": ("業種", "業界"),
    "note": ("lossreason", "lostreason", "失注理由", "受注理由"),
}  # fmt: skip
SURE, LIKELY, POSSIBLE = 100, 90, 50


def bare(header: str) -> str:
    """A header without what CRMs put around names: property_dealname -> dealname, Close Date__c -> closedate."""
    text = (
        unicodedata.normalize("NFC", nfkc(_UNIT.sub("", header)).casefold()).replace("'", "").replace("’", "")
    )
    pieces = _PIECES.findall(text)
    while len(pieces) > 1 and pieces[0] in _PREFIXES:
        pieces = pieces[1:]
    while len(pieces) > 1 and pieces[-1] in _SUFFIXES:
        pieces = pieces[:-1]
    return "".join(pieces)


def _words(table: dict[str, str]) -> dict[str, list[tuple[str, int]]]:
    """For each word, the fields that may be called so, and how sure it is: the earlier among a field's words, the surer."""
    found: dict[str, list[tuple[str, int]]] = {}
    for field, words in table.items():
        for rank, word in enumerate(dict.fromkeys(words.split())):
            found.setdefault(unicodedata.normalize("NFC", word), []).append((field, SURE - min(rank, 9)))
    return found


_DEAL_WORDS = _words(DEAL)
_OTHER_WORDS = _words({**DEAL, **OF_OTHERS})


def meanings(header: str, *, of_deals: bool = True) -> dict[str, int]:
    """The fields a column of this name may be, each with how sure that is."""
    word = bare(header)
    words = _DEAL_WORDS if of_deals else _OTHER_WORDS
    scores: dict[str, int] = dict(words.get(word, ()))
    short = _IN_CURRENCY.sub("", word)
    for prefix in _OF_DEAL:
        if short.startswith(prefix) and len(short) > len(prefix):
            short = short[len(prefix) :]
            break
    if short != word:
        for field, score in words.get(short, ()):
            scores.setdefault(field, score - SURE + LIKELY)
    for field, endings in _ENDINGS.items():
        if word.endswith(endings):
            scores.setdefault(field, POSSIBLE)
    return scores


def field_named(text: str) -> str | None:
    """The field that somebody means by a name: `closed_on`, `Close date`, クローズ日, `account`."""
    plain = text.strip().lower()
    if plain in FIELDS:
        return plain
    if plain in ("", LEFT_OUT, "none", "ignore", "skip"):
        return LEFT_OUT
    scores = meanings(text)
    return max(scores, key=lambda field: scores[field]) if scores else None
