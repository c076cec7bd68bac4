import { functionBasics } from '@dofs/lambda-kit/function-basics';
import { createHandler } from './handler.ts';

export const handler = createHandler(functionBasics('validator', process.env));
