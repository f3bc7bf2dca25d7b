// A password in one of Unicode's normal forms (RFC 8265 §4.2). One that has none (no keyboard writes thirty marks in a row) is itself.

import { type Form, normalForm } from '../../model/normal-form.ts'

export const typedPassword = (password: string, form: Form): string =>
  normalForm(password, form) ?? password
