/** An order as its message has it. A hand-written worker trusts its senders and leaves the rest to the tables. */
export interface Order {
  readonly order_key: number;
  readonly customer_key: number;
  readonly order_status: string;
  readonly total_price: number;
  readonly order_date: string;
  readonly order_priority?: string;
  readonly clerk?: string;
  readonly ship_priority?: number;
  readonly version?: number;
  readonly comment?: string;
  readonly line_items: readonly Line[];
}

export interface Line {
  readonly line_number: number;
  readonly part_key: number;
  readonly supplier_key: number;
  readonly quantity: number;
  readonly extended_price: number;
  readonly discount?: number;
  readonly tax?: number;
  readonly return_flag?: string;
  readonly line_status?: string;
  readonly ship_date?: string;
  readonly commit_date?: string;
  readonly receipt_date?: string;
  readonly ship_instructions?: string;
  readonly ship_mode?: string;
  readonly comment?: string;
}
