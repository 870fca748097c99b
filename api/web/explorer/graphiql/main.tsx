/** @jsxImportSource react */
// GraphiQL on this server, with the documents of the docs at hand. Headers, and tokens in them, are not kept.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createRoot } from 'react-dom/client';
import { Examples } from './Examples.tsx';
import { EXAMPLES } from './examples.ts';
import { storage } from './keeping.ts';
import './graphiql.css';

const fetcher = createGraphiQLFetcher({ url: '/graphql' });

createRoot(document.getElementById('graphiql')!).render(
  <GraphiQL fetcher={fetcher} defaultQuery={EXAMPLES[0]?.query ?? ''} shouldPersistHeaders={false} storage={storage}>
    <GraphiQL.Logo><Examples /> <a href="/">Standings</a></GraphiQL.Logo>
  </GraphiQL>,
);
