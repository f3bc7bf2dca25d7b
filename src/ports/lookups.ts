// Answers to the questions of rules. What lies behind one (a chain of DNS questions, a table) is the driver's business.

import type { Fact, Question } from '../model/question.ts'

export interface Lookups {
  /** Never rejects; each question has a time budget. */
  ask(question: Question): Promise<Fact>
}
