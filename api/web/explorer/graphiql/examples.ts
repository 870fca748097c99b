// The documents of docs/pages as examples: named by their first line, with the variables it gives.
const files = import.meta.glob<string>('../../../../docs/pages/*.graphql', { query: '?raw', import: 'default', eager: true });

export interface Example {
  name: string;
  query: string;
  variables: string;
}

const FIRST: Example = {
  name: 'The first five of EASI-8',
  query: `# Who leads a board, how surely, and how much of it they have. Press the play button, or Ctrl and Enter.
query First {
  benchmark(name: "EASI-8") {
    leaderboard {
      method
      totalModels
      entries(first: 5) {
        nodes {
          rank
          value
          model { name parameters releaseDate }
          coverage { scored expected }
          rankInterval { low high }
        }
      }
    }
  }
}
`,
  variables: '',
};

export const EXAMPLES: readonly Example[] = [FIRST, ...Object.values(files).map(read)];

function read(text: string): Example {
  const comment = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('#')) break;
    comment.push(line.replace(/^#\s*/, ''));
  }
  const said = comment.join(' ');
  const variables = /Variables: (\{.*\})/.exec(said)?.[1] ?? '';
  return { name: said.split(/[:.] /)[0] ?? said, query: text, variables: variables && pretty(variables) };
}

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}
