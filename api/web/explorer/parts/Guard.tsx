// Keeps the rest of the page when a view fails: it says so in the view's place.
import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';

export function Guard({ children }: { children: ComponentChildren }) {
  const [failure, retry] = useErrorBoundary((error: unknown) => console.error(error));
  if (!failure) return <>{children}</>;
  return (
    <div class="problem" role="alert">
      <p>This view met an error of its own and cannot be shown. The rest of the page still works.</p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}
