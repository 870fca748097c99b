export function Model() {
  return <h1>Model</h1>;
}
