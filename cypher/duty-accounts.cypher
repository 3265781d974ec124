// title: Duty accounts
// purpose: The accounts that agencies operate, as the roster says, and since when until when.
// judul: Akun kedinasan
// tujuan: Akun yang dikelola OPD menurut daftar, dan masa berlakunya.
// category: agencies
// parameter: limit: integer = 1000 -- most rows to return
// column: agency: id of the agency
// column: name: name of the agency
// column: account: id of the account
// column: platform: short name of the platform
// column: handle: its public handle
// column: valid_from: first day, ISO date; null where open
// column: valid_to: last day, ISO date; null where open
// column: sources: source:row of every row that supplied the link
// innocent: A duty account is nobody's private account; what it does cannot be laid at one person's door.
// wajar: Akun kedinasan bukan akun pribadi siapa pun; yang dilakukannya tidak dapat dibebankan kepada satu orang.
// example: graphwatch query duty-accounts

MATCH (a:Account)-[d:OPERATED_BY]->(g:Agency)
RETURN g.id AS agency, g.name AS name, a.id AS account, a.platform AS platform, a.handle AS handle,
       d.valid_from AS valid_from, d.valid_to AS valid_to, d.sources AS sources
ORDER BY agency, account, coalesce(valid_from, '')
LIMIT $limit
