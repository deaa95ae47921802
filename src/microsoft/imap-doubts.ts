/** Extensions that part of Exchange Online's fleet advertises and does not carry out (microsoft365.md §2.11). */
export const EXCHANGE_DOUBTS = ['ENABLE', 'IMAP4REV2', 'LIST-EXTENDED', 'LIST-STATUS', 'SPECIAL-USE', 'ESEARCH', 'CONDSTORE', 'QRESYNC']
