<?php

namespace Billing;

final class Invoice
{
    public function __construct(public readonly int $cents)
    {
    }
}
