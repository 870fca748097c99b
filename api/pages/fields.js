// The form's own fields, beside the scores: what they hold, as text and as the input of GraphQL.

const WORDS = { modelType: 'model type', precision: 'precision', weightType: 'weights', backend: 'backend' };
const TEXTS = ['modelName', 'revision', 'baseModel', 'remarks'];

export class Fields {
  constructor(form) {
    this.form = form;
    this.baseField = form.querySelector('#baseModel-field');
    form.elements.weightType.addEventListener('change', () => this.showBase());
    this.showBase();
  }

  get evidence() {
    return this.form.elements.evidence.files[0] ?? null;
  }

  get needsBase() {
    return this.form.elements.weightType.value !== 'ORIGINAL';
  }

  showBase() {
    this.baseField.hidden = !this.needsBase;
    this.form.elements.baseModel.required = this.needsBase;
  }

  texts() {
    return Object.fromEntries([...Object.keys(WORDS), ...TEXTS].map((name) => [name, this.form.elements[name].value]));
  }

  // Put texts in, enumerations in any spelling; gives what could not be put in, a sentence each.
  fill(texts) {
    const refused = Object.keys(texts)
      .map((name) => this.put(name, texts[name]))
      .filter(Boolean);
    this.showBase();
    return refused;
  }

  // Put one text in, or the field's own default for none; gives what is wrong with it, or null.
  put(name, text) {
    const control = this.form.elements[name];
    if (!(name in WORDS)) {
      control.value = text || control.defaultValue;
      return null;
    }
    const wanted = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
    const options = [...control.options];
    const known = wanted !== '' && options.some(({ value }) => value === wanted);
    control.value = known ? wanted : (options.find(({ defaultSelected }) => defaultSelected) ?? options[0]).value;
    return known || text === '' ? null : `“${text.slice(0, 40)}” is no ${WORDS[name]} we know: choose one.`;
  }

  // What goes into the input of `submitEvaluation`; empty texts are left to their defaults.
  input() {
    const texts = Object.entries(this.texts()).map(([name, text]) => [name, text.trim()]);
    const { baseModel, ...rest } = Object.fromEntries(texts.filter(([, text]) => text !== ''));
    return this.needsBase && baseModel ? { ...rest, baseModel } : rest;
  }
}
