// title: Accounts by platform
// purpose: Accounts in the records of each platform, and how many of them acted.
// judul: Akun menurut platform
// tujuan: Akun dalam catatan setiap platform, dan berapa di antaranya yang bertindak.
// category: accounts
// column: platform: short name of the platform; null where unknown
// column: accounts: accounts in the records
// column: acted: of these, accounts that acted on a post
// column: interactions: interactions with posts
// innocent: A platform that was collected longer, or gives likes with names, has more accounts; this says nothing of it.
// wajar: Platform yang dikumpulkan lebih lama, atau yang memberi suka beserta namanya, punya lebih banyak akun;
//   itu tidak mengatakan apa pun tentang platformnya.
// example: graphwatch query accounts-by-platform

MATCH (a:Account)
OPTIONAL MATCH (a)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(:Post)
RETURN a.platform AS platform, count(DISTINCT a.id) AS accounts,
       count(DISTINCT CASE WHEN i.id IS NOT NULL THEN a.id END) AS acted, count(i.id) AS interactions
ORDER BY coalesce(platform, '')
