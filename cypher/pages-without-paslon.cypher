// title: Pages without paslon
// purpose: Pages in the records that support no paslon there, so that no engagement with a pair counts them.
// judul: Halaman tanpa paslon
// tujuan: Halaman yang dalam catatan tidak mendukung paslon mana pun, sehingga tidak ikut dihitung.
// category: provenance
// column: page: id of the page
// column: platform: short name of the platform
// column: handle: its public handle
// column: class: official, campaign_team, volunteers, party or media
// column: posts: posts of it in the records
// innocent: Media and public pages support nobody; only a campaign's page here is a gap.
// wajar: Media dan halaman publik tidak mendukung siapa pun; hanya halaman kampanye di sini yang merupakan
//   kekurangan.
// example: graphwatch query pages-without-paslon

MATCH (p:Page)
WHERE NOT EXISTS { MATCH (p)-[:SUPPORTS]->(:Paslon) }
OPTIONAL MATCH (p)-[:PUBLISHED]->(o:Post)
RETURN p.id AS page, p.platform AS platform, p.handle AS handle, p.class AS class, count(DISTINCT o.id) AS posts
ORDER BY page
