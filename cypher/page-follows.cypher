// title: Follows by page
// purpose: Follows of each page that are in the records, as totals without accounts.
// judul: Pengikut menurut halaman
// tujuan: Tindakan mengikuti setiap halaman yang ada dalam catatan, sebagai jumlah tanpa akun.
// category: engagement
// column: page: id of the page
// column: handle: its public handle
// column: class: official, campaign_team, volunteers, party or media
// column: follows: follows in the records
// column: accounts: distinct accounts
// column: timed: follows with a time of the act
// innocent: Only collected follows are counted, never a page's followers; a page that was looked at longer has more.
// wajar: Hanya pengikutan yang dikumpulkan yang dihitung, bukan semua pengikut halaman; halaman yang lebih lama
//   dilihat punya lebih banyak.
// example: graphwatch query page-follows

MATCH (p:Page)<-[i:FOLLOWED]-(a:Account)
RETURN p.id AS page, p.handle AS handle, p.class AS class, count(i.id) AS follows,
       count(DISTINCT a.id) AS accounts, 
       count(CASE WHEN i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' THEN i.id END) AS timed
ORDER BY follows DESC, page
