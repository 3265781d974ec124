// title: Watchlist
// purpose: The roster accounts and pages that the office watches now, with the reasons.
// judul: Daftar pantau
// tujuan: Akun pada daftar ASN dan halaman yang sekarang dipantau kantor, beserta alasannya.
// category: review
// column: watched: id of the account or page
// column: kind: account or page
// column: handle: its public handle
// column: reason: why it is watched
// column: added_by: who put it on the list
// column: added_at_ms: when, UTC epoch milliseconds
// innocent: Being watched is no finding: pages are watched because they are pages of a campaign.
// wajar: Dipantau bukan temuan: halaman dipantau karena merupakan halaman kampanye.
// example: graphwatch query watchlist

MATCH (w:Watch)-[:WATCHES]->(x:Account|Page)
WHERE w.removed_at_ms IS NULL OR w.removed_at_ms < w.added_at_ms
RETURN w.id AS watched, w.kind AS kind, x.handle AS handle, w.reason AS reason, w.added_by AS added_by,
       w.added_at_ms AS added_at_ms
ORDER BY added_at_ms DESC, watched
