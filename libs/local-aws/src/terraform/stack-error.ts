/** Something in a stack's Terraform that can't be read: says where, and what. */
export class StackError extends Error {
  override readonly name = 'StackError';
  /**
   * @param where the address, such as `aws_sqs_queue.orders.redrive_policy`
   * @param what what is wrong there
   */
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
  }
}
