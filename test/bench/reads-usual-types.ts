// The schema of the usual stack, by type-graphql: what its resolvers give is entities, and these say what of them is shown.
import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType('Product')
export class ProductType {
  @Field(() => ID) id!: string;
  @Field(() => String) sku!: string;
  @Field(() => String) name!: string;
}

@ObjectType('Line')
export class LineType {
  @Field(() => Int) lineNumber!: number;
  @Field(() => String) quantity!: string;
  @Field(() => String) unitPrice!: string;
}

@ObjectType('Order')
export class OrderType {
  @Field(() => ID) id!: string;
  @Field(() => String) number!: string;
  @Field(() => String) lifecycle!: string;
  @Field(() => String) orderedOn!: string;
  @Field(() => String) currency!: string;
}

@ObjectType('Payment')
export class PaymentType {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true }) reference!: string | null;
  @Field(() => String, { nullable: true }) receivedOn!: string | null;
  @Field(() => String) method!: string;
}

@ObjectType('Item')
export class ItemType {
  @Field(() => ID) documentId!: string;
}

@ObjectType('Allocation')
export class AllocationType {
  @Field(() => ID) id!: string;
}

@ObjectType('Invoice')
export class InvoiceType {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true }) number!: string | null;
  @Field(() => String) status!: string;
  @Field(() => String, { nullable: true }) issuedOn!: string | null;
  @Field(() => String, { nullable: true }) dueOn!: string | null;
  @Field(() => String) currency!: string;
  @Field(() => String, { nullable: true }) customerReference!: string | null;
}

@ObjectType('Account')
export class AccountType {
  @Field(() => ID) id!: string;
  @Field(() => String) number!: string;
}

@ObjectType('Customer')
export class CustomerType {
  @Field(() => ID) id!: string;
  @Field(() => String) number!: string;
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true }) segment!: string | null;
  @Field(() => String, { nullable: true }) country!: string | null;
}

@ObjectType('AgeingRow')
export class AgeingRowType {
  @Field(() => String) segment!: string;
  @Field(() => String) currency!: string;
  @Field(() => String) notDue!: string;
  @Field(() => String) days1!: string;
  @Field(() => String) days31!: string;
  @Field(() => String) days61!: string;
  @Field(() => String) over90!: string;
  @Field(() => String) unapplied!: string;
  @Field(() => String) total!: string;
  @Field(() => Int) itemCount!: number;
}
