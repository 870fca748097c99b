// What GraphiQL keeps in the browser: all but headers, which may hold a token, and which its history would keep.
export const storage = {
  get length() {
    return localStorage.length;
  },
  clear: () => localStorage.clear(),
  getItem: (name: string) => localStorage.getItem(name),
  removeItem: (name: string) => localStorage.removeItem(name),
  setItem: (name: string, value: string) => localStorage.setItem(name, withoutHeaders(value)),
};

function withoutHeaders(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (name, value: unknown) => (name === 'headers' ? undefined : value));
  } catch {
    return text;
  }
}
