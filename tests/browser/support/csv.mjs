// Reads CSV as RFC 4180 has it: an independent look at what musterd writes.
export function parseCsv(text) {
    const rows = [];
    let at = 0;
    while (at < text.length) {
        const row = [];
        for (;;) {
            let cell = '';
            if (text[at] === '"') {
                for (at += 1; ; at += 1) {
                    if (at >= text.length) throw new Error('a quote is not closed');
                    if (text[at] === '"' && text[at + 1] === '"') at += 1;
                    else if (text[at] === '"') break;
                    cell += text[at];
                }
                at += 1;
            } else {
                while (at < text.length && text[at] !== ',' && text[at] !== '\r') cell += text[at++];
                if (cell.includes('"') || cell.includes('\n')) throw new Error(`a cell that needs quotes: ${cell}`);
            }
            row.push(cell);
            if (text[at] !== ',') break;
            at += 1;
        }
        if (text.slice(at, at + 2) !== '\r\n') throw new Error(`line ${rows.length + 1} does not end in CR LF`);
        at += 2;
        rows.push(row);
    }
    return rows;
}

// Rows as objects; the first row has the names.
export function csvRecords(text) {
    const [names, ...rows] = parseCsv(text);
    return rows.map((row) => {
        if (row.length !== names.length) throw new Error(`a row of ${row.length} cells under ${names.length} names`);
        return Object.fromEntries(names.map((name, index) => [name, row[index]]));
    });
}
