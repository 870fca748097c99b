// Statements as text that runs as it stands in any DuckDB that can reach this server.
export type Value = string | number | boolean | null | readonly Value[];

// A statement with its `$name` parameters written out, on the snapshot that answered, which never changes.
export function runnable(statement: string, parameters: Record<string, Value>, snapshot: string): string {
  const file = `${location.origin}/warehouse/${snapshot}.duckdb`;
  return `attach ${literal(file)} as standings (read_only);\nuse standings;\n\n${written(statement, parameters)};\n`;
}

// Only parameters are touched: what looks like one within quotes or comments is passed over.
export function written(statement: string, parameters: Record<string, Value>): string {
  return statement.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\$(\w+)/g, (found, name?: string) =>
    name !== undefined && name in parameters ? literal(parameters[name] ?? null) : found,
  );
}

export function literal(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `[${value.map(literal).join(', ')}]`;
}
