"""What the deals of the sample company tell, and where it has to be seen.

1. A new competitor. Nova appears in spring 2025 and, from the first meeting of the two in May until the end of January
   2026, wins 24 of 28. Those who sold report price; the customers who were asked name onboarding and support. Seen in the
   win rate against Nova beside that against the others, and in the main reasons of the rep and of the buyer side by side.
2. A price change. Since October 2025 one can contract for 10 people instead of 30. In the small segment 11 of 44 deals
   were won before it and 28 of 48 since; the two other segments without Nova do not move so.
3. A better onboarding. Since February 2026 a named person comes to the second meeting and stays for 90 days. Against Nova
   20 of 32 are won since; the losses that remain have other reasons, and rep and buyer agree on them more often.

None of it is the whole truth, and the pages say so: what changed at the same time, how few the deals of a group are, and
which outcomes are seldom written up.
"""

from __future__ import annotations

from datetime import date

from config.demo.market import NOVA

NOVA_COMES = date(2025, 4, 1)
PRICE_CHANGES = date(2025, 10, 1)
ONBOARDING_BEGINS = date(2026, 2, 1)

COMPETITOR = NOVA
SEGMENT = "小規模"
# The drivers of the first level that each side names most often in deals lost to Nova before onboarding changed.
REPS_SAY, BUYERS_SAY = "price", "support"
