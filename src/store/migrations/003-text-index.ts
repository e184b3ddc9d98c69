/** Finding every row with a given text: vector packs bring vectors by the hash of their text. */
export const textIndex = `
CREATE INDEX restaurants_by_text ON restaurants (text_hash);
`;
