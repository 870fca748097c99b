// What would be refused at once, found before anything is sent: a refusal by the server costs one of few tries.

const MODEL = /^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/;
const EVIDENCE_BYTES = 20 * 1024 * 1024;
const ZIP = [0x50, 0x4b];

export const isModelName = (name) => MODEL.test(name);

const problem = (path, message) => ({ path, message, code: 'CHECK', blocking: true });

// The problems of the fields, in the order of the form.
export async function check(input, weightType, evidence) {
  const found = [];
  if (!isModelName(input.modelName ?? '')) {
    found.push(problem('modelName', "A valid model name in the format 'organization/model-name' is required."));
  }
  if (!input.modelType) {
    found.push(problem('modelType', 'Please select a model type (pretrained, finetuned, instruction, or rl).'));
  }
  if (!input.precision) {
    found.push(problem('precision', 'Please select a precision (bfloat16, float16, float32, or int8).'));
  }
  if (weightType !== 'ORIGINAL' && !isModelName(input.baseModel ?? '')) {
    const form = input.baseModel ? " Name it in the format 'organization/model-name'." : '';
    found.push(problem('baseModel', `Base model is required when using ${capitalize(weightType)} weights.${form}`));
  }
  const archive = await checkEvidence(evidence);
  return archive ? [...found, problem('evidence', archive)] : found;
}

async function checkEvidence(file) {
  if (!file) return 'Evaluation results zip file is required.';
  if (file.size > EVIDENCE_BYTES) return 'ZIP file exceeds 20 MB limit.';
  try {
    const start = new Uint8Array(await file.slice(0, ZIP.length).arrayBuffer());
    return ZIP.every((byte, place) => start[place] === byte) ? null : 'File is not a valid ZIP archive.';
  } catch {
    return `${file.name} cannot be read any more: choose it again.`;
  }
}

const capitalize = (word) => word[0] + word.slice(1).toLowerCase();
